// SPDX-License-Identifier: Apache-2.0

// The second factor. The page's element asks for it and brings a receipt; Countersign alone says what it is worth,
// and only for the challenge that the bank keeps of this very visit. Without script a code of the authenticator
// app is checked by the back end.

import { renderSecondFactor } from "../../pages/second-factor.mjs";
import { renderSignInUnavailable } from "../../pages/trouble.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { describeFactors } from "../factors.mjs";
import { readField } from "../form.mjs";
import { Throttle } from "../throttle.mjs";

// Of the codes that Countersign enrolls.
const periodSeconds = 30;

export function addSecondFactorRoutes({ app, countersign, database, logins, visits, now }) {
  const byCustomer = new Throttle({ limit: 60, windowSeconds: 600 });

  app.get("/login/code", (request, reply) =>
    visits.awaitingSecondFactor(request)
      ? reply.type("text/html").send(renderSecondFactor())
      : reply.redirect("/login", 303),
  );

  // The token goes to the bank's own script in an answer to a POST: never into HTML, never into a URL.
  app.post("/login/session", async (request, reply) => {
    const customer = visits.awaitingSecondFactor(request);
    if (customer === undefined) return reply.code(401).send({});
    const wait = byCustomer.take(customer.id);
    if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
    const token = await orUnavailable(request, reply, () => logins.tokenOf(customer));
    if (reply.sent) return reply;
    if (token !== undefined) return reply.code(201).send({ token });
    // A login that was ended, by a lockout for instance, begins again with the password.
    visits.leave(request, reply);
    return reply.code(401).send({});
  });

  app.post("/login/receipt", async (request, reply) => {
    const customer = visits.awaitingSecondFactor(request);
    if (customer === undefined) return reply.code(401).send({});
    const receipt = readField(request.body, "receipt", 256);
    const proven = await orUnavailable(request, reply, () => logins.redeem(customer, receipt));
    if (reply.sent) return reply;
    if (proven === undefined) return reply.code(409).send({});
    const { challenge, methods, fallback, recovery } = proven;
    const entered = enterAccount(request, reply, customer, { factors: describeFactors(methods), withoutPhone: fallback || recovery, challenge });
    return entered ? reply.send({ location: "/account" }) : reply.code(401).send({});
  });

  app.post("/login/code", async (request, reply) => {
    const customer = visits.awaitingSecondFactor(request);
    if (customer === undefined) return reply.redirect("/login", 303);
    reply.type("text/html");
    let verdict;
    try {
      verdict = await countersign.verifyCode(customer.countersign_user, readField(request.body, "code", 64));
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "code not checked");
      return reply.code(503).header("retry-after", 60).send(renderSignInUnavailable());
    }
    if (!verdict.ok) {
      // The time until the next code, or the pause when that is longer: the same for every refusal.
      const retryAfter = Math.max(verdict.retryAfter, periodSeconds - (now() % periodSeconds));
      return reply.code(401).send(renderSecondFactor({ retryAfter }));
    }
    const entered = enterAccount(request, reply, customer, { factors: describeFactors(["totp"]) });
    return reply.redirect(entered ? "/account" : "/login", 303);
  });

  /** Of two requests that carry one waiting visit, one becomes a login. */
  function enterAccount(request, reply, customer, { factors, withoutPhone = false, challenge }) {
    if (!visits.leave(request, reply)) return false;
    visits.enter(request, reply, customer, "signed_in", challenge);
    database.recordSignIn(customer.id, factors, withoutPhone);
    return true;
  }

  /** Answers 503 in its place where Countersign could not be asked. */
  async function orUnavailable(request, reply, ask) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "second factor not checked");
      reply.code(503).header("retry-after", 60).send({});
      return undefined;
    }
  }
}
