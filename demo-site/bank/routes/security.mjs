// SPDX-License-Identifier: Apache-2.0

// The security page, and the two calls its script makes: a session for the widget, and word that the
// widget has set up a second factor.

import { renderSecurity } from "../../pages/security.mjs";
import { readCodeUsed } from "../code-used.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { openManageSession } from "../manage-session.mjs";
import { Throttle } from "../throttle.mjs";

export function addSecurityRoutes({ app, countersign, database, setUps, visits, now }) {
  const byCustomer = new Throttle({ limit: 30, windowSeconds: 600 });

  app.get("/security", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.redirect("/login", 303);
    const codeUsed = await readCodeUsed({ countersign, database }, customer);
    const signIns = database.recentSignIns(customer.id);
    return reply.type("text/html").send(renderSecurity({ customer, signIns, now: now(), codeUsed }));
  });

  // The token goes to the bank's own script in an answer to a POST: never into HTML, never into a URL.
  app.post("/security/session", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.code(401).send({});
    const wait = byCustomer.take(customer.id);
    if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
    try {
      const session = await openManageSession({ countersign, now }, customer);
      setUps.open(customer, session.token);
      return reply.code(201).send(session);
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "no session for the widget");
      return reply.code(503).header("retry-after", 60).send({});
    }
  });

  // The page's word is not enough: Countersign is asked.
  app.post("/security/enrolled", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.code(401).send({});
    try {
      const status = await countersign.readSecondFactorStatus(customer.countersign_user);
      // The visit that has set it up goes on; one that only says so had the password, and ends with the others.
      const goesOn = status === "active" && (await setUps.isOwn(customer)) ? customer.token_hash : "";
      if (status === "active") database.rememberSecondFactor(customer.id, goesOn);
      // Its owner, who came in by it, has removed the last one: its absence is no alarm any more.
      if (status === "not_configured") database.forgetSecondFactor(customer.id);
      return reply.send({ status });
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      return reply.code(503).header("retry-after", 60).send({});
    }
  });
}
