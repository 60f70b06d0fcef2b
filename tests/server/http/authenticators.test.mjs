// SPDX-License-Identifier: Apache-2.0
// Several authenticators a user, step-up, replacing and removing, as a widget does it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askBegin, begin, beginIn, confirm, elevate, enroll, enrollIn, methods, methodsOf, openSession, remove } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { makeBoxKeys } from "./sealed_box.mjs";
import { Site } from "./site.mjs";
import { codeOfStep, newSeed, stepNow, stepWithRoom, wrongCode } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

/** An imported user has used no step yet: the code of now is fresh. */
const importUser = (user) => site.importUsers([user]).get(user);
/** The step after the one that was just used lies in the window too. */
const nextCode = (enrollment) => codeOfStep(enrollment.seed, enrollment.step + 1);
const refusal = ({ status, json }) => [status, json.code];

async function elevatedSession(user, seed, step = stepNow()) {
  const session = await openSession(server, token, user);
  assert.equal((await elevate(server, session, codeOfStep(seed, step))).json.ok, true);
  return session;
}

test("a session is elevated by a code, says until when, and another one is not [R2]", async () => {
  const seed = importUser("ann");
  const session = await openSession(server, token, "ann");
  assert.deepEqual(await methods(server, session).then(({ elevated_until, step_up_required }) => [elevated_until, step_up_required]), [undefined, true]);
  assert.deepEqual((await elevate(server, session, wrongCode(seed))).json, { ok: false, code: "not_accepted", retry_after: 0 });
  const answer = await elevate(server, session, codeOfStep(seed, stepNow()));
  assert.deepEqual(Object.keys(answer.json), ["ok", "elevated_until", "recovery"]);
  const life = answer.json.elevated_until - Date.now() / 1000;
  assert.ok(life > 590 && life <= 601, `${life} s`);
  const own = await methods(server, session);
  assert.deepEqual([own.elevated_until, own.step_up_required], [answer.json.elevated_until, false]);
  const other = await openSession(server, token, "ann");
  assert.deepEqual(refusal(await askBegin(server, other, makeBoxKeys())), [403, "auth.step_up_required"]);
  assert.equal((await methods(server, other)).step_up_required, true);
});

test("a code used to step up is no login, and one used to log in is no step-up [R2] [R8]", async () => {
  const seed = importUser("ben");
  const step = stepNow();
  const session = await elevatedSession("ben", seed, step);
  assert.equal((await server.verify(token, "ben", codeOfStep(seed, step))).json.ok, false);
  assert.equal((await server.verify(token, "ben", codeOfStep(seed, step + 1))).json.ok, true);
  assert.equal((await elevate(server, session, codeOfStep(seed, step + 1))).json.ok, false);
});

test("reconfiguring keeps the old one working until the new one is confirmed [U3] [L16]", async () => {
  const seed = importUser("cleo");
  const [{ credential_id: old }] = await methodsOf(server, token, "cleo");
  const step = await stepWithRoom();
  const session = await elevatedSession("cleo", seed, step - 1);
  const pending = await beginIn(server, session, "cleo", { replaces: old, name: "New phone" });
  assert.equal((await server.verify(token, "cleo", codeOfStep(seed, step))).json.ok, true);
  assert.deepEqual((await methods(server, session)).methods.map((each) => each.status), ["active", "pending"]);
  const confirmed = await confirm(server, pending, codeOfStep(pending.seed, stepNow()));
  assert.deepEqual(confirmed.json, { ok: true, credential_id: pending.pendingId });
  assert.equal((await server.verify(token, "cleo", codeOfStep(seed, step + 1))).json.ok, false);
  const now = await methodsOf(server, token, "cleo");
  assert.deepEqual(now.map((each) => [each.status, each.credential_id, each.name]), [["active", pending.pendingId, "New phone"]]);
  assert.equal((await server.verify(token, "cleo", codeOfStep(pending.seed, stepNow() + 1))).json.ok, true);
});

test("several authenticators stand beside each other, up to five; the last active one stays [R6]", async () => {
  const seed = importUser("dora");
  const session = await elevatedSession("dora", seed);
  const added = [];
  for (const name of ["Tablet", "Büro", "Reserve", "Safe"]) added.push(await enrollIn(server, session, "dora", { name }));
  assert.deepEqual((await methodsOf(server, token, "dora")).map((each) => each.name), [undefined, "Tablet", "Büro", "Reserve", "Safe"]);
  assert.deepEqual(refusal(await askBegin(server, session, makeBoxKeys())), [409, "enrollment.too_many"]);
  for (const each of added.slice(0, 2)) assert.equal((await server.verify(token, "dora", nextCode(each))).json.ok, true);

  const ids = (await methodsOf(server, token, "dora")).map((each) => each.credential_id);
  for (const id of ids.slice(0, 4)) assert.deepEqual((await remove(server, session, id)).json, { ok: true });
  assert.deepEqual(refusal(await remove(server, session, ids[0])), [404, "method.unknown"]);
  assert.deepEqual(refusal(await remove(server, session, ids[4])), [409, "method.last"]);
  assert.equal((await server.verify(token, "dora", nextCode(added[3]))).json.ok, true);
  assert.equal((await server.verify(token, "dora", nextCode(added[2]))).json.ok, false);
});

test("what belongs to another user can be neither replaced nor removed [R1] [L14]", async () => {
  const seed = importUser("ella");
  const victim = await enroll(server, token, "victim");
  const session = await elevatedSession("ella", seed);
  assert.deepEqual(refusal(await askBegin(server, session, makeBoxKeys(), { replaces: victim.credentialId })), [404, "method.unknown"]);
  assert.deepEqual(refusal(await remove(server, session, victim.credentialId)), [404, "method.unknown"]);
  const fresh = await openSession(server, token, "nobody yet");
  assert.deepEqual(refusal(await askBegin(server, fresh, makeBoxKeys(), { replaces: victim.credentialId })), [404, "method.unknown"]);
  assert.deepEqual(refusal(await remove(server, fresh, victim.credentialId)), [404, "method.unknown"]);
  assert.equal((await server.verify(token, "victim", nextCode(victim))).json.ok, true);
});

test("two sessions cannot both bind the first authenticator, in whatever order they go [R2] [R8]", async () => {
  const one = await openSession(server, token, "fay");
  const two = await openSession(server, token, "fay");
  const first = await beginIn(server, one, "fay");
  const second = await beginIn(server, two, "fay");
  assert.deepEqual(refusal(await confirm(server, first, codeOfStep(first.seed, stepNow()))), [404, "enrollment.pending_unknown"]);
  assert.equal((await confirm(server, second, codeOfStep(second.seed, stepNow()))).json.ok, true);
  assert.deepEqual(refusal(await askBegin(server, one, first.keys)), [403, "auth.step_up_required"]);
  assert.deepEqual((await methods(server, one)).methods.map((each) => each.status), ["active"]);
});

test("another session neither sees nor confirms what this one has begun [R2] [L14]", async () => {
  const pending = await begin(server, token, "gus");
  const other = await openSession(server, token, "gus");
  assert.deepEqual((await methods(server, other)).methods, [{ method: "totp", status: "not_configured" }]);
  const crossed = await confirm(server, { ...pending, session: other }, codeOfStep(pending.seed, stepNow()));
  assert.deepEqual(refusal(crossed), [404, "enrollment.pending_unknown"]);
  assert.equal((await confirm(server, pending, codeOfStep(pending.seed, stepNow()))).json.ok, true);
});

test("a revoked application key takes the sessions and their step-up along [R2]", async () => {
  const key = site.createAppKey("to be revoked");
  const seed = importUser("hugo");
  const session = await openSession(server, key.token, "hugo");
  const step = stepNow();
  assert.equal((await elevate(server, session, codeOfStep(seed, step))).json.ok, true);
  site.must(["app-key", "revoke", ...site.place.slice(0, 2), "--id", key.id]);
  for (const answer of [await askBegin(server, session, makeBoxKeys()), await elevate(server, session, codeOfStep(seed, step + 1)), await remove(server, session, "crd_aaaaaaaaaaaaaaaa")]) {
    assert.deepEqual(refusal(answer), [401, "auth.invalid"]);
  }
  assert.equal((await server.verify(token, "hugo", codeOfStep(seed, step + 1))).json.ok, true);
});

test("a step-up of a user nobody has heard of is answered and counted like any other [R14]", async () => {
  const session = await openSession(server, token, "unheard of");
  const waits = [];
  for (let attempt = 0; attempt < 5; attempt += 1) waits.push((await elevate(server, session, wrongCode(newSeed()))).json.retry_after);
  assert.deepEqual(waits, [0, 0, 0, 0, 30]);
  const there = importUser("heard of");
  const known = await openSession(server, token, "heard of");
  for (let attempt = 0; attempt < 4; attempt += 1) await elevate(server, known, wrongCode(there));
  const [a, b] = [await elevate(server, known, wrongCode(there)), await elevate(server, session, wrongCode(there))];
  assert.deepEqual(Object.keys(a.json), Object.keys(b.json));
  assert.equal(a.status, b.status);
});
