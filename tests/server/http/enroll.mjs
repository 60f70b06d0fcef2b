// SPDX-License-Identifier: Apache-2.0
// What a widget and an authenticator do with a session, over HTTP.
import assert from "node:assert/strict";
import { makeBoxKeys, openBox, sessionName } from "./sealed_box.mjs";
import { codeOfStep, fromBase32, stepNow } from "./totp.mjs";

export const seedOfUri = (uri) => fromBase32(new URL(uri).searchParams.get("secret"));

export async function openSession(server, token, user) {
  const opened = await server.openSession(token, user);
  if (opened.status !== 201) throw new Error(`no session: ${opened.text}`);
  return opened.json.token;
}

/** Asks as it is, refusals included. */
export const askBegin = (server, session, keys, fields = {}) =>
  server.call("POST", "/v1/w/totp/begin", { token: session, json: { public_key: keys.publicKey, ...fields } });

/**
 * Begins in a session that is there, opens the box and checks whom it was sealed for.
 * @returns {Promise<{user: string, session: string, keys: object, pendingId: string, sealed: string, uri: string, seed: Buffer}>}
 */
export async function beginIn(server, session, user, { keys = makeBoxKeys(), ...fields } = {}) {
  const begun = await askBegin(server, session, keys, fields);
  if (begun.status !== 200) throw new Error(`begin: ${begun.text}`);
  const { pending_id: pendingId, sealed } = begun.json;
  const { message: uri, ...context } = await openBox(keys, sealed);
  assert.deepEqual(context, { label: "cs-box-1", session: sessionName(session), user, pendingId });
  return { user, session, keys, pendingId, sealed, uri, seed: seedOfUri(uri) };
}

/** Opens a session and begins. */
export async function begin(server, token, user, options) {
  return beginIn(server, await openSession(server, token, user), user, options);
}

export function confirm(server, enrollment, code) {
  return server.call("POST", "/v1/w/totp/confirm", { token: enrollment.session, json: { pending_id: enrollment.pendingId, code } });
}

async function finish(server, enrollment) {
  const step = stepNow();
  const confirmed = await confirm(server, enrollment, codeOfStep(enrollment.seed, step));
  if (confirmed.json?.ok !== true) throw new Error(`confirm: ${confirmed.text}`);
  return { ...enrollment, step, credentialId: confirmed.json.credential_id };
}

/** The whole way. @returns the enrollment with the step that confirmed it */
export async function enroll(server, token, user, options) {
  return finish(server, await begin(server, token, user, options));
}

/** The same in a session that is there, elevated where that is needed. */
export async function enrollIn(server, session, user, options) {
  return finish(server, await beginIn(server, session, user, options));
}

export const elevate = (server, session, code) =>
  server.call("POST", "/v1/w/elevate", { token: session, json: { method: "totp", code } });

export const remove = (server, session, credentialId) =>
  server.call("POST", "/v1/w/totp/remove", { token: session, json: { credential_id: credentialId } });

export const methods = async (server, session) => (await server.call("GET", "/v1/w/methods", { token: session })).json;

/** Every authenticator, seen by the back end. */
export const methodsOf = async (server, token, user) =>
  (await server.call("POST", "/v1/users/methods", { token, json: { user } })).json.methods;
