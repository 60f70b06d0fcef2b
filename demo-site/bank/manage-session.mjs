// SPDX-License-Identifier: Apache-2.0

import { issuer } from "./issuer.mjs";

/** How long after a login's second factor nothing more is asked for; Countersign decides, this spares a question. */
const elevationSeconds = 10 * 60;

/**
 * Opens the session in which a customer's page sets up and changes second factors.
 *
 * @param {object} customer - with the visit, as `Visits` gives it
 * @returns `{token, user}`
 */
export async function openManageSession({ countersign, now }, customer) {
  const { countersign_user: user, email, challenge, entered_at: enteredAt } = customer;
  const elevatedBy = now() - enteredAt < elevationSeconds ? challenge : undefined;
  const { token } = await countersign.openSession({ user, account: email, issuer, email, elevatedBy });
  return { token, user };
}
