// SPDX-License-Identifier: Apache-2.0

import { renderAccount } from "../../pages/account.mjs";
import { readCodeUsed } from "../code-used.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { readStatement } from "../statement.mjs";

export function addAccountRoutes({ app, countersign, database, visits, now }) {
  /** Only decides whether to invite to a second factor, so "unknown" may count as set up. */
  async function hasSecondFactor(customer) {
    try {
      return (await countersign.readSecondFactorStatus(customer.countersign_user)) === "active";
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      return true;
    }
  }

  app.get("/account", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.redirect("/login", 303);
    const protectedByCode = await hasSecondFactor(customer);
    const codeUsed = await readCodeUsed({ countersign, database }, customer);
    const page = renderAccount({ customer, statement: readStatement(now()), now: now(), protectedByCode, codeUsed });
    return reply.type("text/html").send(page);
  });
}
