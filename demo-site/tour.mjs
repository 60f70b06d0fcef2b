// SPDX-License-Identifier: Apache-2.0

// What `scripts/demo` prints: the addresses, who can log in, and every row of the menu (PRODUCT's A and U) in one line.

import { fileURLToPath } from "node:url";

import { people } from "./seeds.mjs";

const find = fileURLToPath(new URL("./find-customer.mjs", import.meta.url));

const begin = [
  "First, Ana as a customer. Log in at the bank with her address and password.",
  ["U5", "The bank asks for a second factor: set it up now. Fallbacks are added afterwards, under Security."],
  ["U2", "Authenticator app: in the authenticator choose Scan a QR code, or copy the key from \"Can't scan?\"; type the code."],
  ["U1", "Under Security each method has its box: Configure where nothing is set up, Reconfigure where it is. Changes ask for a code first."],
  ["U3", "Reconfigure: until the new QR code is confirmed the old authenticator keeps working."],
  ["U4", "OTP over email: see the masked address, Send OTP, read the code in the inbox, enter it."],
  ["U7", "Security questions: answer three. Names, words of the question and \"123\" are refused."],
  ["U8", "Alternate email: give another address, any one, and confirm it with the code from the inbox."],
  ["U9", "Security codes: make a set, save it, see how many are left, renew it: the old set is void."],
  ["U10", "Choose which way Forgot My Phone takes: the administrator ticked three, you may pick among them."],
];

const lost = [
  "Then lose the phone. Log out, and log in with the password.",
  ["U6", "At the second factor choose Forgot My Phone: exactly the ways that the policy and your choice allow."],
  ["A2", "Security questions alone: answer all three. What is wrong is never told apart."],
  ["A3", "Questions and a code by email: the mail leaves only after the answers were right."],
  ["A4", "A code to the alternate address alone."],
  ["A7", "A security code of your set signs in once; mistype one and the page tells before it is sent. The owner is told by mail."],
  ["U11", "OTP over email as the second factor itself: choose it instead of the app. The standards' verdict stands in the dashboard."],
];

const staff = (site) => [
  `Then Stella, of the staff. Open ${site.bank}/admin, log in, set up her authenticator; 2-Factor Authentication is in the sidebar.`,
  ["A1", "Forgot Phone: off in every new installation, on in this demonstration. The warning and the guess budget stand beside the switch."],
  ["A5", "Let users choose: tick what is offered. Untick the way Ana chose and try her login again: it is gone at once."],
  ["A6", "Enable users to sign in with security codes: off, and no login takes one."],
  ["A9", "Static codes, backup codes, or both kinds."],
  ["A12", "Which methods may be the second factor: the app, OTP over email."],
  ["A10", "Save applies all of it at once. Contradictions are refused with a sentence, and nothing is half saved. A weaker policy asks for a fresh code."],
  ["A8", "Users: open Ben (he needs a method first). Generate Backup Code: a reason, a fresh code of yours; it is shown once, for one sign-in."],
  ["A11", "Switch backup codes off: Generate Backup Code is no longer among the actions."],
];

const spell = ([id, text]) => `  ${id.padEnd(4)}${text}`;
const group = ([title, ...rows]) => ["", title, ...rows.map(spell)];

/** @returns {string[]} lines to print */
export function tourOf({ site, binary, directory }) {
  const credentials = Object.values(people).map(({ name, email, password }) => `  ${name.padEnd(14)}${email.padEnd(24)}${password}`);
  return [
    "",
    `  the bank           ${site.bank}`,
    `  the dashboard      ${site.bank}/admin   (for the staff)`,
    `  the inbox          ${site.inbox}   (all mail ends here)`,
    `  the authenticator  ${site.authenticator}   (another origin; or use an app on your phone)`,
    `  Countersign        ${site.address}   (the bank's back end and its pages talk to it)`,
    "",
    "who can log in, with which password; or open an account of your own",
    ...credentials,
    ...group(begin),
    ...group(lost),
    ...group(staff(site)),
    "",
    "With no code left and nobody of the staff there, the operator issues one, in another terminal:",
    `  ${binary} backup-code issue --data ${site.paths.data} --master-key-file ${site.paths.masterKey} \\`,
    `    --user "$(${process.execPath} --disable-warning=ExperimentalWarning ${find} ${site.paths.bankDatabase} EMAIL)" --reason "lost phone, called back" --who operator`,
    "",
    `keys, accounts and logs are in ${directory}; Ctrl-C stops everything`,
  ];
}
