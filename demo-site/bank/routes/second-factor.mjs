// SPDX-License-Identifier: Apache-2.0

// The second factor: a code of the authenticator app or, when the phone is lost, a security code. Countersign
// counts, delays and decides; only its clear yes opens the account.

import { refusalSentence, renderSecondFactor, renderSecurityCode } from "../../pages/second-factor.mjs";
import { renderSignInUnavailable } from "../../pages/trouble.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { factors } from "../factors.mjs";
import { readField } from "../form.mjs";

// Of the codes that Countersign enrolls.
const periodSeconds = 30;

const ways = [
  { path: "/login/code", method: "totp", render: renderSecondFactor, factor: factors.authenticator },
  { path: "/login/security-code", method: "security_code", render: renderSecurityCode, factor: factors.securityCode },
];

/** One outcome, said to a script as JSON and to a plain form as a page or a redirect. */
function answer(request, reply, { status, page, json }) {
  if (request.headers.accept === "application/json") return reply.code(status === 303 ? 200 : status).send(json);
  if (status === 303) return reply.redirect(json.location, 303);
  return reply.code(status).type("text/html").send(page());
}

export function addSecondFactorRoutes({ app, countersign, database, visits, now }) {
  for (const way of ways) {
    app.get(way.path, (request, reply) =>
      visits.awaitingSecondFactor(request)
        ? reply.type("text/html").send(way.render())
        : reply.redirect("/login", 303),
    );
    app.post(way.path, (request, reply) => checkCode(way, request, reply));
  }

  async function checkCode({ method, render, factor }, request, reply) {
    const startAgain = { status: 303, json: { location: "/login" } };
    const customer = visits.awaitingSecondFactor(request);
    if (customer === undefined) return answer(request, reply, startAgain);
    let verdict;
    try {
      verdict = await countersign.verifyCode(customer.countersign_user, method, readField(request.body, "code", 64));
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "code not checked");
      reply.header("retry-after", 60);
      return answer(request, reply, { status: 503, page: renderSignInUnavailable, json: { unavailable: true } });
    }
    if (!verdict.ok) {
      // The time until the next code, or the pause when that is longer: the same for every refusal.
      const retryAfter = Math.max(verdict.retryAfter, periodSeconds - (now() % periodSeconds));
      return answer(request, reply, {
        status: 401,
        page: () => render({ retryAfter }),
        json: { refused: refusalSentence(retryAfter), retryAfter },
      });
    }
    // Of two requests that carry one waiting session, one becomes a login.
    if (!visits.leave(request, reply)) return answer(request, reply, startAgain);
    visits.enter(request, reply, customer, "signed_in");
    database.recordSignIn(customer.id, factor);
    return answer(request, reply, { status: 303, json: { location: "/account" } });
  }
}
