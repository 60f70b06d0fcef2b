// SPDX-License-Identifier: Apache-2.0
// The clock is turned: forward, backward, to the ends of what fits; and neighbors that are poisoned.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertPassed, assertRefused } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { codeOfStep } from "../server/http/totp.mjs";
import { issueBackupCode } from "../server/http/security_codes.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba"), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
});
after(() => site.close());

/** While the clock is wrong, nothing that lets in says yes. */
async function assertHeld(person, login, attempts) {
  for (const [method, fields] of attempts) {
    const answer = await login.answer(method, fields);
    assert.notEqual(answer.json?.ok, true, `${method}: ${answer.text}`);
    assert.deepEqual([answer.status, answer.json?.code], [503, "clock.unreliable"], answer.text);
  }
}

test("a clock that jumps ahead or back holds every way in, mail and receipts, and counts nothing meanwhile [R16] [L20]", async () => {
  const person = await new Person(site, "clock").addApp();
  await person.addQuestions(await person.elevated());
  await person.addCodes(await person.elevated());
  const login = await person.login();
  for (const jump of [3600, -3600]) {
    site.jump(jump);
    const attempts = [["totp", { code: codeOfStep(person.seed, site.step) }], ["security_code", { code: person.codes[0] }], ["kba", { answers: person.questions }]];
    await assertHeld(person, login, attempts);
    site.jump(-jump);
    const deadline = Date.now() + 10_000;
    while ((await site.server.call("GET", "/readyz")).status !== 200) assert.ok(Date.now() < deadline, "never ready again");
  }
  assert.deepEqual(site.storeRows("credential", person.user).map(({ failures }) => failures), [0, 0, 0]);
  await assertPassed(login, await login.byApp());
});

test("a clock set back and confirmed revives no step, no code, no login and no pause [R16] [L5] [R8]", async () => {
  const person = await new Person(site, "set-back").addApp();
  const code = await person.code();
  const login = await person.login();
  await assertPassed(login, await login.answer("totp", { code }));
  const backup = issueBackupCode(site, person.user).code;
  await site.pass(-600);
  const again = await person.login();
  assertRefused(await again.answer("totp", { code }));
  assertRefused(await (await person.login()).answer("totp", { code: codeOfStep(person.seed, site.step) }));
  await site.pass(600);
  assert.equal(backup.length, 19);
});

test("the window is the policy's: one step each way or none, and no drift is learned by trying [L22] [L5] [R12]", async () => {
  const person = await new Person(site, "window").addApp();
  await site.pass(300);
  for (const off of [-3, -2, 2, 3]) {
    assertRefused(await (await person.login()).answer("totp", { code: codeOfStep(person.seed, site.step + off) }));
  }
  site.changeStore("UPDATE credential SET failures = 0, not_before = 0");
  site.setPolicy((policy) => Object.assign(policy.totp, { past_steps: 0, future_steps: 0 }));
  for (const off of [-1, 1]) assertRefused(await (await person.login()).answer("totp", { code: codeOfStep(person.seed, site.step + off) }));
  const login = await person.login();
  await assertPassed(login, await login.answer("totp", { code: codeOfStep(person.seed, site.step) }));
  site.setPolicy((policy) => Object.assign(policy.totp, { past_steps: 1, future_steps: 1 }));
});

test("an expired challenge, session or receipt is dead, also for who repeats an attempt that was accepted [R4] [L14]", async () => {
  const person = await new Person(site, "expired").addApp();
  const login = await person.login();
  const attempt = "an-attempt-of-old-times";
  const passed = await login.answer("totp", { code: await person.code() }, attempt);
  assert.equal(passed.json.ok, true);
  await site.pass(601);
  const repeated = await login.answer("totp", { code: "000000" }, attempt);
  assert.equal(repeated.json?.receipt, undefined, repeated.text);
  assert.notEqual((await login.call("GET", "")).json?.state, "passed");
  assert.notEqual((await login.redeem(passed.json.receipt)).json.ok, true);
});

test("poisoned neighbors in one batch cost the others nothing: bad UTF-8, NUL, huge and nested bodies beside right codes [R10]", async () => {
  const people = [];
  for (let i = 0; i < 6; i += 1) people.push(await new Person(site, "neighbor").addApp());
  const logins = await Promise.all(people.map((person) => person.login()));
  const codes = [];
  for (const person of people) codes.push(await person.code());
  const token = logins[0].token;
  const raw = (body) => site.server.call("POST", "/v1/w/challenge/answer", { token, body, headers: { "content-type": "application/json" } });
  const poison = [
    Buffer.from([...Buffer.from('{"attempt_id":"poisoned-attempt-1","method":"totp","code":"'), 0xff, 0xfe, 0xc0, 0x80, ...Buffer.from('"}')]),
    '{"attempt_id":"poisoned-attempt-2","method":"totp","code":"12\\u000034"}',
    '{"attempt_id":"poisoned-attempt-3","method":"totp","code":"\\ud800"}',
    `{"attempt_id":"poisoned-attempt-4","method":"totp","code":"${"9".repeat(10_000)}"}`,
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
    `{"attempt_id":"poisoned-attempt-5","method":"kba","answers":[${'{"id":"x","answer":"y"},'.repeat(300)}{}]}`,
    '{"attempt_id":"poisoned-attempt-6","method":"totp","code":"1","code":"2"}',
    '{"attempt_id":"\'; DROP TABLE credential; --","method":"totp","code":"000000"}',
  ];
  const [good, bad] = await Promise.all([
    Promise.all(logins.map((login, index) => login.answer("totp", { code: codes[index] }))),
    Promise.all(poison.map(raw)),
  ]);
  for (const answer of bad) assert.ok([400, 409, 413, 429].includes(answer.status) || answer.json?.ok === false, `${answer.status} ${answer.text.slice(0, 80)}`);
  for (const [index, answer] of good.entries()) await assertPassed(logins[index], answer);
});

test("a user id that is not 1 to 128 bytes of UTF-8 opens no session of any purpose [R1] [R10]", async () => {
  for (const user of ["", "x".repeat(129), "nul\u0000", "\ud800", 7, null, ["a"]]) {
    for (const body of [{ user, purpose: "manage", account: "a", issuer: "b" }, { user, purpose: "challenge", receipt_purpose: "login", account: "a", issuer: "b" }]) {
      const answer = await site.server.call("POST", "/v1/sessions", { token: site.token, json: body });
      assert.ok([400, 422].includes(answer.status), `${JSON.stringify(user)}: ${answer.text}`);
    }
  }
});
