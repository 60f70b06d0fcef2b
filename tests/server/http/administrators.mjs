// SPDX-License-Identifier: Apache-2.0
// What a staff's back end and page do with an administrator's session, over HTTP.
import { passByTotp } from "./challenges.mjs";
import { stepNow } from "./totp.mjs";

export const allScopes = ["policy", "unlock", "codes", "audit"];

/** A key whose sessions may be administrators'. */
export const createAdminKey = (site, realm = "default") =>
  site.must(["app-key", "create", ...site.place, "--name", "staff", "--scope", "admin", "--realm", realm]).token;

/** Asks as it is, refusals included. */
export const askAdmin = (server, token, user, challenge, fields = {}) =>
  server.call("POST", "/v1/sessions", { token, json: { user, purpose: "admin", scopes: allScopes, challenge, ...fields } });

/** A new administrator: one who has an authenticator, and has just passed a login by it, in `step` or the one after. */
export async function openAdmin(site, server, token, user, { scopes = allScopes, realm = "default" } = {}) {
  const seed = site.importUsers([user], { realm }).get(user);
  const step = stepNow();
  const challenge = await passByTotp(server, token, user, seed);
  const opened = await askAdmin(server, token, user, challenge.id, { scopes });
  if (opened.status !== 201) throw new Error(`no session: ${opened.text}`);
  return { user, seed, step, challenge: challenge.id, session: opened.json.token, expiresAt: opened.json.expires_at };
}

export const act = (server, admin, name, json) =>
  server.call(json === undefined ? "GET" : "POST", `/v1/w/admin/${name}`, { token: admin.session, json });
