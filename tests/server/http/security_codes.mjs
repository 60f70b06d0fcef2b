// SPDX-License-Identifier: Apache-2.0
// Security codes as a widget makes them, by node's own Argon2id and our own check symbol: a witness.
import { argon2Sync, randomInt } from "node:crypto";
import { elevate, enroll, openSession } from "./enroll.mjs";
import { codeOfStep } from "./totp.mjs";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Times x in GF(32), x^5 + x^2 + 1. */
const timesX = (value) => (value & 16 ? ((value << 1) ^ 0b100101) : value << 1) & 31;

/** 15 random symbols and the one that makes the sum of a^(15-i) * s_i zero. */
export function newCode() {
  const symbols = Array.from({ length: 15 }, () => randomInt(32));
  const sum = symbols.reduce((value, symbol) => timesX(value) ^ symbol, 0);
  return [...symbols, timesX(sum)].map((symbol) => alphabet[symbol]).join("");
}

export const newCodes = (count = 10) => Array.from({ length: count }, newCode);

/** The same code with its last symbol wrong. */
export const mistyped = (code) => code.slice(0, 15) + alphabet[(alphabet.indexOf(code[15]) + 1) % 32];

/** As the contract has it. @param {string} salt base64url @returns {string} base64url */
export const stretch = (code, salt) => argon2Sync("argon2id", {
  message: code, nonce: Buffer.from(salt, "base64url"), parallelism: 1, tagLength: 32, memory: 19456, passes: 2,
}).toString("base64url");

export const saltOf = async (server, session) => (await server.call("GET", "/v1/w/codes/salt", { token: session })).json.salt;

export const replaceCodes = (server, session, stretched) =>
  server.call("POST", "/v1/w/codes/replace", { token: session, json: { stretched } });

export const verifyCode = (server, token, user, code) =>
  server.call("POST", "/v1/verify", { token, json: { user, method: "security_code", code } });
export const verifyStretched = (server, token, user, stretched) =>
  server.call("POST", "/v1/verify", { token, json: { user, method: "security_code", stretched } });

export const elevateByCode = (server, session, code) =>
  server.call("POST", "/v1/w/elevate", { token: session, json: { method: "security_code", code } });

/** Saves the policy with these security codes. @param {"static"|"backup"|"both"|null} kind null: none */
export function setCodesPolicy(site, kind, realm = "default") {
  const { policy } = site.must(["policy", "get", "--data", site.data, "--realm", realm]);
  policy.security_codes.enabled = kind !== null;
  if (kind !== null) policy.security_codes.kind = kind;
  site.must(["policy", "set", "--data", site.data, "--realm", realm, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
}

/** A new user with an authenticator and a session that is elevated. */
export async function elevatedUser(server, token, user) {
  const enrollment = await enroll(server, token, user);
  const session = await openSession(server, token, user);
  const elevated = await elevate(server, session, codeOfStep(enrollment.seed, enrollment.step + 1));
  if (elevated.json?.ok !== true) throw new Error(`elevate: ${elevated.text}`);
  return { user, session, enrollment };
}

/** A new user with a set of static codes. */
export async function userWithCodes(server, token, user, count = 10) {
  const made = await elevatedUser(server, token, user);
  const salt = await saltOf(server, made.session);
  const codes = newCodes(count);
  const stretched = codes.map((code) => stretch(code, salt));
  const replaced = await replaceCodes(server, made.session, stretched);
  if (replaced.json?.ok !== true) throw new Error(`codes: ${replaced.text}`);
  return { ...made, salt, codes, stretched, credentialId: replaced.json.credential_id };
}

/** A code of the administrator's, by the command line. */
export const issueBackupCode = (site, user, ...flags) =>
  site.must(["backup-code", "issue", ...site.place, "--user", user, "--reason", "lost phone", "--who", "ann", ...flags]);
