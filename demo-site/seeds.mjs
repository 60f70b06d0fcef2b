// SPDX-License-Identifier: Apache-2.0

// Who is there when the demonstration starts for the first time: somebody of the staff and two customers. Their
// passwords are known to everybody, which is why the demonstration listens on the loopback address alone.

import { Database } from "./bank/database.mjs";
import { hashPassword } from "./bank/passwords.mjs";

export const people = {
  staff: { name: "Stella Marsh", email: "stella@harbor.example", password: "staff of the harbor", staff: true },
  ana: { name: "Ana Quay", email: "ana@harbor.example", password: "ana has a boat here" },
  ben: { name: "Ben Pier", email: "ben@harbor.example", password: "ben has a boat here" },
};

/** @param {string} file - the bank's database; who is in it already stays as they are */
export async function addPeople(file) {
  const database = new Database(file);
  try {
    for (const { password, ...person } of Object.values(people)) {
      if (database.findCustomerByEmail(person.email) !== undefined) continue;
      database.addCustomer({ ...person, passwordHash: await hashPassword(password) });
    }
  } finally {
    database.close();
  }
}

/**
 * The policy to begin with: every row of the menu can be tried at once. It is not a policy to copy: a fallback can be
 * abused to get around the second factor.
 *
 * @param {object} policy - as `countersign policy get` prints it
 */
export function allowEverything(policy) {
  policy.login_methods.email = true;
  Object.assign(policy.forgot_phone, { enabled: true, alternate: "kba_email", user_choice: true, offered: ["kba", "kba_email", "email"] });
  Object.assign(policy.security_codes, { enabled: true, kind: "both" });
  policy.kba.own = true;
  // Nobody who tries this waits a day for a new address to count.
  policy.alternate_hold_hours = 0;
  return policy;
}
