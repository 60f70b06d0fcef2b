// SPDX-License-Identifier: Apache-2.0
// One code, sixty-four at once, a hundred times: one is accepted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { confirm, begin } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeNow, wrongCode } from "../server/http/totp.mjs";

const parallel = 64;
const rounds = 100;
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

/** Sorts what came back. @returns {{ok: number, refused: number, busy: number}} */
function tally(answers) {
  const counts = { ok: 0, refused: 0, busy: 0 };
  for (const { status, json } of answers) {
    if (status === 200 && json.ok === true) counts.ok += 1;
    else if (status === 200 && json.code === "not_accepted") counts.refused += 1;
    else if (status === 429 && json.code === "admission.busy" && json.retry_after > 0) counts.busy += 1;
    else assert.fail(`neither yes nor no: ${status} ${JSON.stringify(json)}`);
  }
  return counts;
}

test(`${parallel} parallel verifications of one code, ${rounds} rounds on fresh users: one accepted each [R9] [R9b] [L1]`, async () => {
  const seeds = [...site.importUsers(Array.from({ length: rounds }, (_, index) => `user-${index}`))];
  const totals = { ok: 0, refused: 0, busy: 0 };
  for (const [user, seed] of seeds) {
    const code = codeNow(seed);
    const counts = tally(await Promise.all(Array.from({ length: parallel }, () => server.verify(token, user, code))));
    assert.equal(counts.ok, 1, `${user}: ${JSON.stringify(counts)}`);
    for (const key of Object.keys(totals)) totals[key] += counts[key];
    // Neither the 63 others nor the 429s were failures of the person.
    assert.equal((await server.verify(token, user, code)).json.retry_after, 0, user);
  }
  assert.equal(totals.ok + totals.refused + totals.busy, parallel * rounds);
  process.stdout.write(`accepted ${totals.ok}, not_accepted ${totals.refused}, 429 ${totals.busy}\n`);
});

test("64 different wrong codes at once count no more than were checked, for known and unknown alike [R9b] [L3]", async () => {
  const seed = site.importUsers(["guessed"]).get("guessed");
  for (const user of ["guessed", "nobody"]) {
    const base = Number(wrongCode(seed));
    const guesses = Array.from({ length: parallel }, (_, index) => String(base + index).padStart(6, "0"));
    const answers = await Promise.all(guesses.map((code) => server.verify(token, user, code)));
    const { ok, refused } = tally(answers);
    assert.equal(ok, 0);
    assert.ok(refused >= 1);
    // Four more at most before the pause: every failure that was checked has been counted.
    let wait = 0;
    let more = 0;
    for (; wait === 0 && more < 6; more += 1) wait = (await server.verify(token, user, wrongCode(seed))).json.retry_after;
    assert.ok(wait > 0 && more + Math.min(refused, 5) <= 6, `${user}: ${refused} refused, then ${more} more`);
  }
});

test("64 confirmations of one enrollment at once: one is accepted, one credential is active [L1]", async () => {
  for (let round = 0; round < 10; round += 1) {
    const user = `enrolling ${round}`;
    const enrollment = await begin(server, token, user);
    const code = codeNow(enrollment.seed);
    const answers = await Promise.all(Array.from({ length: parallel }, () => confirm(server, enrollment, code)));
    assert.equal(answers.filter((answer) => answer.json?.ok === true).length, 1);
    const states = await server.call("POST", "/v1/users/methods", { token, json: { user } });
    assert.deepEqual(states.json.methods.map((method) => method.status), ["active"]);
    assert.equal((await server.verify(token, user, code)).json.ok, false);
  }
});
