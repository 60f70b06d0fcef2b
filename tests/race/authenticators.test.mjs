// SPDX-License-Identifier: Apache-2.0
// What sixteen callers at once can do to one user's authenticators: begin, elevate, confirm, replace, remove.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askBegin, beginIn, confirm, elevate, enrollIn, methods, methodsOf, openSession, remove } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { makeBoxKeys } from "../server/http/sealed_box.mjs";
import { Site } from "../server/http/site.mjs";
import { codeOfStep, stepNow, stepWithRoom } from "../server/http/totp.mjs";

const parallel = 16;
const rounds = Number(process.env.COUNTERSIGN_AUTHENTICATOR_ROUNDS ?? 20);
let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site, { logLevel: "info" });
});
after(async () => {
  await server.stop();
  site.remove();
});

const atOnce = (calls) => Promise.all(calls.map((call) => call()));
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const yes = (answers) => answers.filter((answer) => answer.json?.ok === true).length;

/** Only the gate's 429 is asked again: it said nothing about the code. */
async function admitted(call) {
  for (;;) {
    const answer = await call();
    if (answer.status !== 429) return answer;
  }
}

/** Every answer is one of those allowed, by its code; `ok` and `not_accepted` are codes too. */
function assertAnswers(answers, allowed) {
  for (const { status, json } of answers) {
    const code = json.ok === true ? "ok" : json.code ?? "begun";
    assert.ok(allowed.includes(code), `${status} ${JSON.stringify(json)}`);
  }
}

async function bound(user) {
  return (await methodsOf(server, token, user)).filter((each) => each.status !== "pending");
}

test(`${parallel} begins of one session at once: one secret, one box [R22] [L33]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `begins ${round}`;
    const session = await openSession(server, token, user);
    const keys = makeBoxKeys();
    const answers = await atOnce(times(parallel, () => () => askBegin(server, session, keys)));
    assert.deepEqual(answers.map((answer) => answer.status), times(parallel, () => 200));
    assert.equal(new Set(answers.map((answer) => answer.json.sealed)).size, 1);
    assert.equal((await methodsOf(server, token, user)).length, 1);
  }
});

test(`${parallel} sessions begin and confirm a first authenticator at once: one is bound [R2] [R8]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `first ${round}`;
    const sessions = await atOnce(times(parallel, () => () => openSession(server, token, user)));
    const answers = await atOnce(sessions.map((session) => async () => {
      const begun = await beginIn(server, session, user).catch((error) => error);
      if (begun instanceof Error) return { json: { code: /auth\.step_up_required/.exec(begun.message)?.[0] } };
      return admitted(() => confirm(server, begun, codeOfStep(begun.seed, stepNow())));
    }));
    assertAnswers(answers, ["ok", "enrollment.pending_unknown", "auth.step_up_required"]);
    assert.equal(yes(answers), 1);
    assert.deepEqual((await methodsOf(server, token, user)).map((each) => each.status), ["active"]);
  }
});

test(`one code in ${parallel} sessions at once: one of them is elevated [R2] [R8] [L1]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `elevates ${round}`;
    const code = codeOfStep(site.importUsers([user]).get(user), stepNow());
    const sessions = await atOnce(times(parallel, () => () => openSession(server, token, user)));
    const answers = await atOnce(sessions.map((session) => () => elevate(server, session, code)));
    assertAnswers(answers, ["ok", "not_accepted", "admission.busy"]);
    assert.equal(yes(answers), 1);
    const states = await atOnce(sessions.map((session) => () => methods(server, session)));
    assert.equal(states.filter((state) => !state.step_up_required).length, 1);
  }
});

test("one code for logins and step-ups at once: it opens one thing [R2] [R8] [L1]", async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `either ${round}`;
    const code = codeOfStep(site.importUsers([user]).get(user), stepNow());
    const session = await openSession(server, token, user);
    const answers = await atOnce(times(parallel, (index) => () => (index % 2 ? server.verify(token, user, code) : elevate(server, session, code))));
    assertAnswers(answers, ["ok", "not_accepted", "admission.busy"]);
    assert.equal(yes(answers), 1);
    assert.equal((await server.verify(token, user, code)).json.retry_after, 0, "a repeated code was counted");
  }
});

/** A user with two authenticators and one elevated session for each of them. */
async function twoOfEach(user) {
  const seed = site.importUsers([user]).get(user);
  const step = stepNow();
  const sessions = [await openSession(server, token, user), await openSession(server, token, user)];
  assert.equal((await elevate(server, sessions[0], codeOfStep(seed, step))).json.ok, true);
  await enrollIn(server, sessions[0], user);
  assert.equal((await elevate(server, sessions[1], codeOfStep(seed, step + 1))).json.ok, true);
  return { sessions, ids: (await bound(user)).map((each) => each.credential_id) };
}

test(`two authenticators removed by two sessions at once, ${parallel} calls: one of them stays [R6]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `removes ${round}`;
    const { sessions, ids } = await twoOfEach(user);
    const answers = await atOnce(times(parallel, (index) => () => remove(server, sessions[index % 2], ids[index % 2])));
    assertAnswers(answers, ["ok", "auth.step_up_required", "method.unknown", "method.last"]);
    assert.equal(yes(answers), 1);
    assert.deepEqual((await bound(user)).map((each) => each.status), ["active"]);
  }
});

test(`a replacement confirmed ${parallel / 2} times while the old code signs in as often: each once at most [U3] [R8]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `replaces ${round}`;
    const seed = site.importUsers([user]).get(user);
    const [{ credential_id: old }] = await bound(user);
    const step = await stepWithRoom();
    const session = await openSession(server, token, user);
    assert.equal((await elevate(server, session, codeOfStep(seed, step - 1))).json.ok, true);
    const pending = await beginIn(server, session, user, { replaces: old });
    const code = codeOfStep(pending.seed, stepNow());
    const answers = await atOnce(times(parallel, (index) => () => (index % 2
      ? server.verify(token, user, codeOfStep(seed, step))
      : admitted(() => confirm(server, pending, code)))));
    const [confirms, logins] = [answers.filter((_, index) => index % 2 === 0), answers.filter((_, index) => index % 2)];
    assertAnswers(confirms, ["ok", "enrollment.pending_unknown"]);
    assertAnswers(logins, ["ok", "not_accepted", "admission.busy"]);
    assert.equal(yes(confirms), 1);
    assert.ok(yes(logins) <= 1);
    assert.deepEqual((await bound(user)).map((each) => each.credential_id), [pending.pendingId]);
    assert.equal((await admitted(() => server.verify(token, user, codeOfStep(seed, step + 1)))).json.ok, false);
  }
});

test(`one authenticator replaced by one session and removed by another at once: at least one stays [U3] [R6]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const user = `crosses ${round}`;
    const { sessions, ids } = await twoOfEach(user);
    const pending = await beginIn(server, sessions[0], user, { replaces: ids[0] });
    const code = codeOfStep(pending.seed, stepNow());
    const answers = await atOnce(times(parallel, (index) => () => (index % 2
      ? remove(server, sessions[1], ids[index % 4 === 1 ? 0 : 1])
      : admitted(() => confirm(server, pending, code)))));
    assertAnswers(answers, ["ok", "enrollment.pending_unknown", "auth.step_up_required", "method.unknown", "method.last"]);
    const left = await bound(user);
    assert.ok(left.length >= 1 && left.every((each) => each.status === "active"), JSON.stringify(left));
    assert.ok(left.length <= 2);
  }
});
