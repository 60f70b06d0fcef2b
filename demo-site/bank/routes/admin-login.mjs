// SPDX-License-Identifier: Apache-2.0

// How the staff signs in: the password, then a challenge of Countersign's, which a page answers and of which the
// bank redeems the receipt. The same challenge is asked for again whenever an administrator's session is over.

import { renderStaffLogIn, renderStaffProof, renderStaffSetUp } from "../../pages/admin-login.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { readEmail, readField } from "../form.mjs";
import { LoginThrottle } from "../login-throttle.mjs";
import { checkPassword } from "../passwords.mjs";
import { Throttle } from "../throttle.mjs";

const issuer = "Harbor Bank";
const purpose = "administer";

export function addStaffLoginRoutes({ app, countersign, database, staff, now }) {
  const throttle = new LoginThrottle();
  const byPerson = new Throttle({ limit: 30, windowSeconds: 600 });

  app.get("/admin/login", (_request, reply) => reply.type("text/html").send(renderStaffLogIn()));

  app.post("/admin/login", async (request, reply) => {
    reply.type("text/html");
    const email = readEmail(request.body);
    const again = { email: readField(request.body, "email", 120) };
    const wait = throttle.take(request.ip, email);
    if (wait > 0) {
      const problem = `Too many tries. Wait ${Math.ceil(wait / 60)} min and try again.`;
      return reply.code(429).header("retry-after", wait).send(renderStaffLogIn({ problem, ...again }));
    }
    const person = database.findCustomerByEmail(email);
    const right = await checkPassword(readField(request.body, "password", 256), person?.password_hash);
    // A customer who is not on the staff is told no more than a stranger.
    if (!right || !person.staff) {
      return reply.code(401).send(renderStaffLogIn({ problem: "That email address and password do not open the administration.", ...again }));
    }
    throttle.clear(request.ip, email);
    staff.enter(request, reply, "password", { customer: person.id, passwordAt: now() });
    return reply.redirect("/admin/login/code", 303);
  });

  app.get("/admin/login/code", (request, reply) =>
    staff.find(request, "password") ? reply.type("text/html").send(renderStaffProof()) : reply.redirect("/admin/login", 303),
  );

  app.get("/admin/login/set-up", (request, reply) =>
    staff.find(request, "password") ? reply.type("text/html").send(renderStaffSetUp()) : reply.redirect("/admin/login", 303),
  );

  /** For the staff with the password alone, and throttled: what opens a session at Countersign. */
  const withVisit = (stages, open) => async (request, reply) => {
    const found = staff.find(request, ...stages);
    if (found === undefined) return reply.code(401).send({});
    const wait = byPerson.take(found.person.id);
    if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
    try {
      return await open(found, request, reply);
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "the staff's second factor cannot be asked for");
      return reply.code(503).header("retry-after", 60).send({});
    }
  };

  // The token goes to the bank's own script in an answer to a POST; the challenge's name stays here.
  app.post("/admin/challenge", withVisit(["password", "signed_in"], async ({ visit, person }, _request, reply) => {
    const { countersign_user: user, email } = person;
    const context = `staff ${person.id}`;
    const opened = await countersign.openChallenge({ user, account: email, issuer, email, purpose, passwordAt: visit.passwordAt, context });
    visit.asked = opened.challenge;
    // Who had a second factor and has none any more is not let set one up with the password alone.
    if (opened.state === "enrollment_required" && person.second_factor_seen) return reply.code(409).send({ lost: true });
    return reply.code(201).send({ token: opened.token, state: opened.state });
  }));

  app.post("/admin/proof", withVisit(["password", "signed_in"], async ({ visit, person }, request, reply) => {
    const challenge = visit.asked;
    const receipt = readField(request.body, "receipt", 256);
    const proof = challenge && (await countersign.redeem({ receipt, challenge, user: person.countersign_user, purpose }));
    visit.asked = "";
    if (!proof?.ok) return reply.code(403).send({ refused: "not_accepted" });
    // A fallback lets a customer in; it does not make an administrator (R3).
    if (proof.fallback !== false || proof.recovery !== false) return reply.code(403).send({ refused: "fallback" });
    // Nor does an authenticator app that a fallback has just bound: Countersign knows, and opens nothing for it.
    const administers = await countersign.openAdminSession({ user: person.countersign_user, scopes: ["audit"], challenge });
    if (administers === undefined) return reply.code(403).send({ refused: "recovery" });
    database.rememberSecondFactor(person.id);
    const { customer, passwordAt } = visit;
    if (visit.stage === "password") staff.enter(request, reply, "signed_in", { customer, passwordAt, proven: challenge });
    else visit.proven = challenge;
    return reply.send({ ok: true });
  }));

  app.post("/admin/set-up", withVisit(["password"], async ({ person }, _request, reply) => {
    if (person.second_factor_seen) return reply.code(409).send({ lost: true });
    const { countersign_user: user, email } = person;
    const { token } = await countersign.openSession({ user, account: email, issuer: `${issuer} (staff)`, email });
    return reply.code(201).send({ token, user });
  }));

  app.post("/admin/logout", (request, reply) => {
    staff.leave(request, reply);
    return reply.redirect("/admin/login", 303);
  });
}
