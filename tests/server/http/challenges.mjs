// SPDX-License-Identifier: Apache-2.0
// What a page and a back end do with a login's second factor, over HTTP.
import { randomBytes } from "node:crypto";
import { codeNow } from "./totp.mjs";

export const newAttempt = () => randomBytes(16).toString("base64url");

/** Asks as it is, refusals included. */
export const askChallenge = (server, token, user, fields = {}) =>
  server.call("POST", "/v1/sessions", {
    token,
    json: {
      user, purpose: "challenge", account: "ann@example.org", issuer: "Bank", receipt_purpose: "login",
      first_factor: { method: "password", at: Math.floor(Date.now() / 1000) }, ...fields,
    },
  });

/** @returns {Promise<{user: string, session: string, id: string, expiresAt: number}>} */
export async function openChallenge(server, token, user, fields) {
  const opened = await askChallenge(server, token, user, fields);
  if (opened.status !== 201) throw new Error(`no challenge: ${opened.text}`);
  return { user, session: opened.json.token, id: opened.json.challenge, expiresAt: opened.json.expires_at };
}

export const show = (server, challenge) => server.call("GET", "/v1/w/challenge", { token: challenge.session });

export const forgot = (server, challenge, alternate) =>
  server.call("POST", "/v1/w/challenge/forgot", { token: challenge.session, json: { alternate } });

/** One try; a new one each time, unless `attempt` says which. */
export const answer = (server, challenge, method, given, attempt = newAttempt()) =>
  server.call("POST", "/v1/w/challenge/answer", { token: challenge.session, json: { attempt_id: attempt, method, ...given } });

export const answerTotp = (server, challenge, code, attempt) => answer(server, challenge, "totp", { code }, attempt);

/** Opens one and passes it by the code of now. @returns the challenge with its receipt */
export async function passByTotp(server, token, user, seed, fields) {
  const challenge = await openChallenge(server, token, user, fields);
  const passed = await answerTotp(server, challenge, codeNow(seed));
  if (passed.json?.state !== "passed") throw new Error(`not passed: ${passed.text}`);
  return { ...challenge, receipt: passed.json.receipt };
}

/** As the back end that kept this login. */
export const redeem = (server, token, challenge, fields = {}) =>
  server.call("POST", "/v1/receipts/redeem", {
    token, json: { receipt: challenge.receipt, challenge: challenge.id, user: challenge.user, purpose: "login", ...fields },
  });

/** Changes the policy as an administrator does. @param {(policy: object) => void} change */
export function changePolicy(site, change, realm = "default") {
  const { policy } = site.must(["policy", "get", "--data", site.data, "--realm", realm]);
  change(policy);
  site.must(["policy", "set", "--data", site.data, "--realm", realm, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
}
