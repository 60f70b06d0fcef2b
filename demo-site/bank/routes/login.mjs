// SPDX-License-Identifier: Apache-2.0

// The first factor. Whoever has a second one is let no further than to the page that asks for it.

import { renderLogIn } from "../../pages/public.mjs";
import { renderSecondFactorLost, renderSignInUnavailable } from "../../pages/trouble.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { passwordAlone } from "../factors.mjs";
import { readEmail, readField } from "../form.mjs";
import { LoginThrottle } from "../login-throttle.mjs";
import { openManageSession } from "../manage-session.mjs";
import { checkPassword } from "../passwords.mjs";

export function addLoginRoutes({ app, countersign, database, logins, visits, now }) {
  const throttle = new LoginThrottle();

  app.get("/login", (request, reply) =>
    reply.type("text/html").send(renderLogIn({ welcome: "welcome" in request.query })),
  );

  app.post("/login", async (request, reply) => {
    reply.type("text/html");
    const email = readEmail(request.body);
    const again = { email: readField(request.body, "email", 120) };
    const wait = throttle.take(request.ip, email);
    if (wait > 0) {
      const problem = `Too many tries. Wait ${Math.ceil(wait / 60)} min and try again.`;
      return reply.code(429).header("retry-after", wait).send(renderLogIn({ problem, ...again }));
    }
    const customer = database.findCustomerByEmail(email);
    if (!(await checkPassword(readField(request.body, "password", 256), customer?.password_hash))) {
      const problem = "That email address and password do not belong together.";
      return reply.code(401).send(renderLogIn({ problem, ...again }));
    }
    throttle.clear(request.ip, email);
    return continueLogin(request, reply, customer);
  });

  /** Where a right password leads: fails closed, so only a clear "no second factor" opens the account. */
  async function decideNextStage(customer, login) {
    if (login.state === "open") return "second_factor";
    if (login.state !== "enrollment_required" || customer.second_factor_seen) return "refused";
    const { token } = await openManageSession({ countersign, now }, customer);
    return { has: "refused", set_up: "set_up", none: "signed_in" }[await countersign.readNeed(token)];
  }

  async function continueLogin(request, reply, customer) {
    let login, stage;
    try {
      login = await logins.open(customer);
      stage = await decideNextStage(customer, login);
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "login refused: second factor unknown");
      return reply.code(503).header("retry-after", 60).send(renderSignInUnavailable());
    }
    if (stage === "refused") {
      request.log.error("login refused: there is a second factor, or was one, that cannot be asked for");
      return reply.code(503).send(renderSecondFactorLost());
    }
    const visitor = visits.enter(request, reply, customer, stage);
    if (stage === "second_factor") {
      logins.keep(visitor, login);
      database.rememberSecondFactor(customer.id);
      return reply.redirect("/login/code", 303);
    }
    if (stage === "set_up") return reply.redirect("/login/set-up", 303);
    database.recordSignIn(customer.id, passwordAlone);
    return reply.redirect("/account", 303);
  }

  app.post("/logout", (request, reply) => {
    visits.leave(request, reply);
    return reply.redirect("/login", 303);
  });
}
