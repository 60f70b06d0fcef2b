// SPDX-License-Identifier: Apache-2.0
// One code, one login: however it is written, whoever asks again, whatever the refusal's reason is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enroll } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

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

const digitsFrom = (zero) => (code) => [...code].map((digit) => String.fromCodePoint(zero + Number(digit))).join("");
const spellings = new Map([
  ["plain", (code) => code],
  ["a space in the middle", (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ["spaces around", (code) => `  ${code} `],
  ["a dash", (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ["an en dash and no-break spaces", (code) => `\u00a0${code.slice(0, 3)}\u2013\u00a0${code.slice(3)}`],
  ["full-width digits", digitsFrom(0xff10)],
  ["Arabic-Indic digits", digitsFrom(0x0660)],
  ["extended Arabic-Indic digits", digitsFrom(0x06f0)],
]);

for (const [title, spell] of spellings) {
  test(`accepted once, and replayed in every other spelling: ${title} [R14b] [L4]`, async () => {
    const user = `spelled ${title}`;
    const seed = site.importUsers([user]).get(user);
    const code = codeNow(seed);
    const first = await server.verify(token, user, spell(code));
    assert.deepEqual([first.status, first.json], [200, { ok: true }]);
    for (const [other, respell] of spellings) {
      const again = await server.verify(token, user, respell(code));
      assert.equal(again.json.ok, false, `accepted again as ${other}`);
      assert.equal(again.json.code, "not_accepted");
    }
  });
}

test("what is not six digits is not_accepted and does not count [R14b] [L4]", async () => {
  const seed = site.importUsers(["malformed"]).get("malformed");
  const code = codeNow(seed);
  const malformed = ["", " ", "12345", "1234567", `0${code}`, `${code}0`, `+${code}`, `-${code}x`, `${code}\0`, `\0${code}`,
    `${code.slice(0, 5)}a`, "1e5000", "0x1234", "١٢٣٤٥", "½23456", "x".repeat(2000), `${code},${code}`];
  for (const typed of malformed) {
    const answer = await server.verify(token, "malformed", typed);
    assert.deepEqual([answer.status, answer.json.ok, answer.json.code], [200, false, "not_accepted"], JSON.stringify(typed));
    assert.equal(answer.json.retry_after, 0, `${JSON.stringify(typed)} was counted`);
  }
  assert.deepEqual((await server.verify(token, "malformed", code)).json, { ok: true });
});

test("the code that confirmed an enrollment is refused as a first login, before and after a restart [L6]", async () => {
  const enrollment = await enroll(server, token, "enrolled");
  const confirming = codeOfStep(enrollment.seed, enrollment.step);
  assert.equal((await server.verify(token, "enrolled", confirming)).json.ok, false);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  server = await RunningServer.start(site);
  assert.equal((await server.verify(token, "enrolled", confirming)).json.ok, false);
  assert.deepEqual((await server.verify(token, "enrolled", codeOfStep(enrollment.seed, enrollment.step + 1))).json, { ok: true });
});

test("the window is one step each way, and an earlier step is dead once a later one was used [R8] [L22]", async () => {
  const offsets = [[-3, false], [-2, false], [2, false], [3, false], [-1, true], [0, true], [1, true]];
  const users = offsets.map(([offset]) => `window ${offset}`);
  const seeds = site.importUsers([...users, "backwards"]);
  for (const [index, [offset, accepted]] of offsets.entries()) {
    // Not at the end of a period: the step has to be the same on both sides.
    while (Date.now() / 1000 % 30 > 28) await new Promise((done) => setTimeout(done, 200));
    const answer = await server.verify(token, users[index], codeOfStep(seeds.get(users[index]), stepNow() + offset));
    assert.equal(answer.json.ok, accepted, `step ${offset}`);
  }
  const seed = seeds.get("backwards");
  const step = stepNow();
  assert.equal((await server.verify(token, "backwards", codeOfStep(seed, step + 1))).json.ok, true);
  assert.equal((await server.verify(token, "backwards", codeOfStep(seed, step))).json.ok, false);
});

test("unknown user, wrong code, used code and locked account are answered alike [R14] [L17]", async () => {
  const seeds = site.importUsers(["wrong", "used", "locked"]);
  const used = codeNow(seeds.get("used"));
  assert.equal((await server.verify(token, "used", used)).json.ok, true);
  let lock;
  for (let attempt = 0; attempt < 5; attempt += 1) lock = await server.verify(token, "locked", wrongCode(seeds.get("locked")));
  assert.equal(lock.json.retry_after, 30, "the fifth failure in a row locks");

  const answers = {
    unknown: await server.verify(token, "nobody knows", "123456"),
    wrong: await server.verify(token, "wrong", wrongCode(seeds.get("wrong"))),
    used: await server.verify(token, "used", used),
    locked: await server.verify(token, "locked", codeNow(seeds.get("locked"))),
    notConfigured: await server.verify(token, "neither known", codeNow(seeds.get("locked"))),
  };
  const shape = ({ status, headers, json }) => ({
    status, keys: Object.keys(json), ok: json.ok, code: json.code, type: typeof json.retry_after,
    headers: Object.keys(headers), contentType: headers["content-type"],
  });
  for (const [name, answer] of Object.entries(answers)) {
    assert.deepEqual(shape(answer), shape(answers.wrong), name);
    assert.deepEqual(Object.keys(answer.json), ["ok", "code", "retry_after"], name);
  }
  assert.ok(answers.locked.json.retry_after > 0 && answers.locked.json.retry_after <= 30);
});

test("an unknown user is locked like a known one, at the same attempt [R14]", async () => {
  const seed = site.importUsers(["known twin"]).get("known twin");
  const course = async (user) => {
    const waits = [];
    for (let attempt = 0; attempt < 7; attempt += 1) waits.push((await server.verify(token, user, wrongCode(seed))).json.retry_after);
    return waits.map((wait) => (wait === 0 ? "free" : wait > 25 && wait <= 30 ? "30 s" : wait));
  };
  const known = await course("known twin");
  assert.deepEqual(known, ["free", "free", "free", "free", "30 s", "30 s", "30 s"]);
  assert.deepEqual(await course("unknown twin"), known);
});
