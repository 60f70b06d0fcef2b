// SPDX-License-Identifier: Apache-2.0
// Enrollment as a widget and an authenticator do it, over HTTP.
import { codeOfStep, fromBase32, stepNow } from "./totp.mjs";

export const seedOfUri = (uri) => fromBase32(new URL(uri).searchParams.get("secret"));

/** Opens a session and begins. @returns {Promise<{session: string, pendingId: string, uri: string, seed: Buffer}>} */
export async function begin(server, token, user) {
  const opened = await server.openSession(token, user);
  if (opened.status !== 201) throw new Error(`no session: ${opened.text}`);
  const session = opened.json.token;
  const begun = await server.call("POST", "/v1/w/totp/begin", { token: session, json: {} });
  if (begun.status !== 200) throw new Error(`begin: ${begun.text}`);
  return { session, pendingId: begun.json.pending_id, uri: begun.json.uri, seed: seedOfUri(begun.json.uri) };
}

export function confirm(server, enrollment, code) {
  return server.call("POST", "/v1/w/totp/confirm", { token: enrollment.session, json: { pending_id: enrollment.pendingId, code } });
}

/** The whole way. @returns the enrollment with the step that confirmed it */
export async function enroll(server, token, user) {
  const enrollment = await begin(server, token, user);
  const step = stepNow();
  const confirmed = await confirm(server, enrollment, codeOfStep(enrollment.seed, step));
  if (confirmed.json?.ok !== true) throw new Error(`confirm: ${confirmed.text}`);
  return { ...enrollment, step, credentialId: confirmed.json.credential_id };
}
