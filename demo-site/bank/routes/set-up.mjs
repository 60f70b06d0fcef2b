// SPDX-License-Identifier: Apache-2.0

// The first login of a customer without a second factor, where policy asks for one: nothing of the account is
// shown before it is set up. The page's word is not enough: Countersign is asked.

import { renderSetUp } from "../../pages/set-up.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { passwordAndSetUp } from "../factors.mjs";
import { openManageSession } from "../manage-session.mjs";
import { Throttle } from "../throttle.mjs";

export function addSetUpRoutes({ app, countersign, database, logins, setUps, visits, now }) {
  const byCustomer = new Throttle({ limit: 30, windowSeconds: 600 });

  app.get("/login/set-up", (request, reply) =>
    visits.settingUp(request) ? reply.type("text/html").send(renderSetUp()) : reply.redirect("/login", 303),
  );

  /** For the customer who has to set up: what Countersign says, or the answer that it could not be asked. */
  function answering(ask) {
    return async (request, reply) => {
      const customer = visits.settingUp(request);
      if (customer === undefined) return reply.code(401).send({});
      const wait = byCustomer.take(customer.id);
      if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
      try {
        return await ask(customer, request, reply);
      } catch (error) {
        if (!(error instanceof CountersignUnavailable)) throw error;
        request.log.warn({ reason: error.reason }, "set-up not served");
        return reply.code(503).header("retry-after", 60).send({});
      }
    };
  }

  app.post("/login/set-up/session", answering(async (customer, _request, reply) => {
    const session = await openManageSession({ countersign, now }, customer);
    setUps.open(customer, session.token);
    return reply.code(201).send(session);
  }));

  app.post("/login/set-up/done", answering(async (customer, request, reply) => {
    const { state } = await logins.open(customer);
    if (state !== "open") return reply.code(409).send({});
    // Set up by another visit: this one begins again, with the password and the new second factor.
    const own = await setUps.isOwn(customer);
    if (!visits.leave(request, reply) || !own) return reply.code(401).send({});
    const { token_hash: visit } = visits.enter(request, reply, customer, "signed_in");
    database.rememberSecondFactor(customer.id, visit);
    database.recordSignIn(customer.id, passwordAndSetUp);
    return reply.send({ location: "/security" });
  }));
}
