// SPDX-License-Identifier: Apache-2.0

// The security page, and the two calls its script makes: a session for the enrollment widget, and
// the state to show when the widget says it is done.

import { describeAuthenticator, renderSecurity } from "../../pages/security.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { Throttle } from "../throttle.mjs";

const issuer = "Harbor Bank";

export function addSecurityRoutes({ app, countersign, database, visits, now }) {
  const byCustomer = new Throttle({ limit: 30, windowSeconds: 600 });

  async function readAuthenticator(customer) {
    try {
      const authenticator = await countersign.readAuthenticator(customer.countersign_user);
      if (authenticator.status === "active") database.rememberSecondFactor(customer.id);
      return authenticator;
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      return undefined;
    }
  }

  app.get("/security", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.redirect("/login", 303);
    const authenticator = await readAuthenticator(customer);
    const signIns = database.recentSignIns(customer.id);
    return reply.type("text/html").send(renderSecurity({ customer, authenticator, signIns, now: now() }));
  });

  app.get("/security/authenticator", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.code(401).send({});
    const { kind, sentence } = describeAuthenticator(await readAuthenticator(customer), now());
    return reply.send({ kind, sentence });
  });

  // The token goes to the bank's own script in an answer to a POST: never into HTML, never into a URL.
  app.post("/security/session", async (request, reply) => {
    const customer = visits.signedIn(request);
    if (customer === undefined) return reply.code(401).send({});
    const wait = byCustomer.take(customer.id);
    if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
    try {
      const { countersign_user: user, email: account } = customer;
      const { token } = await countersign.openSession({ user, account, issuer });
      database.rememberEnrolling(customer.id, customer.token_hash);
      return reply.code(201).send({ token });
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "no session for the widget");
      return reply.code(503).header("retry-after", 60).send({});
    }
  });
}
