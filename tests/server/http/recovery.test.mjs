// SPDX-License-Identifier: Apache-2.0
// The way back with a security code: it binds a new authenticator and does nothing else yet (R2).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askBegin, elevate, enrollIn, methods, openSession, remove } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { makeBoxKeys } from "./sealed_box.mjs";
import { elevateByCode, issueBackupCode, newCode, newCodes, replaceCodes, setCodesPolicy, stretch, userWithCodes, verifyCode } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeOfStep } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  setCodesPolicy(site, "both");
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const refusalOf = ({ status, json }) => [status, json.code];
const recoveryOnly = [403, "auth.recovery_only"];

test("a security code elevates as a recovery: bind an authenticator, and nothing else [R2]", async () => {
  const { user, codes, salt, enrollment } = await userWithCodes(server, token, "recovers");
  const session = await openSession(server, token, user);
  assert.equal((await elevateByCode(server, session, newCode())).json.ok, false);
  assert.equal((await methods(server, session)).elevated_until, undefined);
  const elevated = await elevateByCode(server, session, codes[0]);
  assert.equal(elevated.json.ok, true);
  assert.equal((await methods(server, session)).elevated_until, elevated.json.elevated_until);
  assert.equal((await verifyCode(server, token, user, codes[0])).json.ok, false, "it is spent");

  const set = newCodes().map((code) => stretch(code, salt));
  assert.deepEqual(refusalOf(await replaceCodes(server, session, set)), recoveryOnly);
  assert.deepEqual(refusalOf(await remove(server, session, enrollment.credentialId)), recoveryOnly);
  const added = await enrollIn(server, session, user);
  assert.deepEqual(refusalOf(await remove(server, session, enrollment.credentialId)), recoveryOnly, "and not afterwards");
  assert.deepEqual(refusalOf(await replaceCodes(server, session, set)), recoveryOnly);

  // What a recovery has bound is no way around it.
  const next = await openSession(server, token, user);
  assert.equal((await elevate(server, next, codeOfStep(added.seed, added.step + 1))).json.ok, true);
  assert.deepEqual(refusalOf(await remove(server, next, enrollment.credentialId)), recoveryOnly);
  assert.deepEqual(refusalOf(await replaceCodes(server, next, set)), recoveryOnly);
});

test("who has only a disabled authenticator comes back with an administrator's code and replaces it [R2] [R3] [R13]", async () => {
  const { user, session: first, enrollment, codes } = await userWithCodes(server, token, "locked out");
  assert.ok(first);
  await server.stop();
  site.changeStore("UPDATE credential SET status = 'disabled' WHERE user = 'locked out'");
  server = await RunningServer.start(site);
  const session = await openSession(server, token, user);
  assert.equal((await elevateByCode(server, session, codes[0])).json.ok, false, "the static codes are disabled too");
  assert.deepEqual(refusalOf(await askBegin(server, session, makeBoxKeys())), [403, "auth.step_up_required"]);

  const { code } = issueBackupCode(site, user);
  assert.equal((await elevateByCode(server, session, code)).json.ok, true);
  const back = await enrollIn(server, session, user, { replaces: enrollment.credentialId });
  const { methods: list } = await methods(server, session);
  assert.deepEqual(list.map(({ method, status }) => [method, status]), [["totp", "active"], ["static_codes", "active"]]);
  assert.equal(list[0].credential_id, back.credentialId);
  assert.deepEqual((await server.verify(token, user, codeOfStep(back.seed, back.step + 1))).json, { ok: true });
  assert.equal((await verifyCode(server, token, user, codes[1])).json.ok, true, "the issue has enabled the static codes");
});

test("a step-up by an authenticator makes a full one of a recovery, and a recovery a recovery of a full one [R2]", async () => {
  const { user, codes, salt, enrollment } = await userWithCodes(server, token, "both ways");
  site.changeStore(`UPDATE credential SET last_step = 0 WHERE user = '${user}' AND method = 'totp'`);
  const session = await openSession(server, token, user);
  const set = () => newCodes().map((code) => stretch(code, salt));
  assert.equal((await elevateByCode(server, session, codes[0])).json.ok, true);
  assert.deepEqual(refusalOf(await replaceCodes(server, session, set())), recoveryOnly);
  assert.equal((await elevate(server, session, codeOfStep(enrollment.seed, enrollment.step))).json.ok, true);
  assert.equal((await elevateByCode(server, session, codes[1])).json.ok, true);
  assert.deepEqual(refusalOf(await replaceCodes(server, session, set())), recoveryOnly);
  assert.equal((await elevate(server, session, codeOfStep(enrollment.seed, enrollment.step + 1))).json.ok, true);
  assert.equal((await replaceCodes(server, session, set())).json.ok, true);
});

test("static codes are no other active authenticator: the last one stays [R6]", async () => {
  const { session, enrollment } = await userWithCodes(server, token, "the last");
  assert.deepEqual(refusalOf(await remove(server, session, enrollment.credentialId)), [409, "method.last"]);
});
