// SPDX-License-Identifier: Apache-2.0
// A receipt in the wrong hands, a challenge that should not have passed, a policy that changed on the way.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Login, assertNotAllowed, assertPassed, assertRefused, newAttempt } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { codeOfStep } from "../server/http/totp.mjs";

const usual = all(forgotPhone("kba"), securityCodes("both"));
let site;
let mallory;
let victim;

before(async () => {
  site = await MenuSite.open(usual);
  mallory = await new Person(site, "mallory").addApp();
  victim = await new Person(site, "victim").addApp();
});
after(() => site.close());

/** Passes a login by the app. @returns the login with its receipt */
async function passedLogin(person, fields) {
  const login = await person.login(fields);
  const passed = await login.byApp();
  assert.equal(passed.json?.ok, true, passed.text);
  return Object.assign(login, { receipt: passed.json.receipt });
}

function assertWorthless(answer) {
  assert.deepEqual([answer.status, answer.json?.ok, answer.json?.code], [200, false, "not_accepted"], answer.text);
}

test("Mallory's receipt opens nothing in Victim's login, by any mixture of names [R4] [L14]", async () => {
  const hers = await victim.login();
  const own = await passedLogin(mallory);
  for (const named of [
    { challenge: hers.challenge, user: victim.user }, { challenge: hers.challenge }, { user: victim.user },
    { challenge: hers.challenge, user: victim.user, purpose: "payment" },
  ]) assertWorthless(await own.redeem(own.receipt, named));
  assertWorthless(await hers.redeem(own.receipt));
  assert.equal((await own.redeem(own.receipt)).json.ok, true, "the attempts have used it up");
});

test("a receipt of one purpose is none of another, and one application's is none of another's [R4] [L14]", async () => {
  const login = await passedLogin(mallory);
  assertWorthless(await login.redeem(login.receipt, { purpose: "payment" }));
  const other = site.createAppKey("another bank").token;
  assertWorthless(await login.redeem(login.receipt, { key: other }));
  assert.equal((await login.redeem(login.receipt)).json.ok, true);
});

test("there is no form of redeem without challenge, user and purpose [R4]", async () => {
  const login = await passedLogin(mallory);
  for (const left of ["challenge", "user", "purpose"]) {
    const answer = await login.redeem(login.receipt, { [left]: undefined });
    assert.equal(answer.status, 400, answer.text);
  }
  const empty = await login.redeem(login.receipt, { purpose: "" });
  assert.notEqual(empty.json?.ok, true, empty.text);
  assert.equal((await login.redeem(login.receipt)).json.ok, true);
});

test("a receipt is good once, for a minute, and a fresh one voids the last [R4]", async () => {
  const login = await passedLogin(mallory);
  const second = (await login.state()).receipt;
  assert.notEqual(second, login.receipt);
  assertWorthless(await login.redeem(login.receipt));
  assert.equal((await login.redeem(second)).json.ok, true);
  assertWorthless(await login.redeem(second));
  assert.equal((await login.state()).receipt, undefined, "a redeemed login hands out another one");
  const slow = await passedLogin(mallory);
  await site.pass(61);
  assertWorthless(await slow.redeem(slow.receipt));
  const renewed = (await slow.state()).receipt;
  assert.equal((await slow.redeem(renewed)).json.ok, true, "the phone lost the network, and may ask again");
});

test("a receipt is no token, and no token a receipt [L14]", async () => {
  const login = await passedLogin(mallory);
  for (const token of [login.receipt, login.challenge]) {
    assert.equal((await mallory.call("GET", "/v1/w/challenge", token)).status, 401);
    assert.equal((await mallory.call("GET", "/v1/w/methods", token)).status, 401);
  }
  for (const text of [login.token, site.token, login.challenge, "", "x", login.receipt.slice(0, -1)]) {
    const answer = await login.redeem(text);
    assert.notEqual(answer.json?.ok, true, answer.text);
  }
});

test("a pending enrollment, a challenge's token and another user's session are each nothing elsewhere [L14] [R1]", async () => {
  const own = await mallory.login();
  const hers = await victim.login();
  const session = await mallory.session();
  for (const [method, path] of [["GET", "/v1/w/methods"], ["POST", "/v1/w/totp/begin"], ["POST", "/v1/w/elevate"], ["GET", "/v1/w/questions/catalog"]]) {
    const answer = await mallory.call(method, path, own.token, method === "POST" ? {} : undefined);
    assert.deepEqual([answer.status, answer.json?.code], [403, "auth.wrong_purpose"], path);
  }
  for (const [method, path] of [["GET", ""], ["POST", "/answer"], ["POST", "/mail"], ["POST", "/forgot"]]) {
    const answer = await mallory.call(method, `/v1/w/challenge${path}`, session, method === "POST" ? {} : undefined);
    assert.deepEqual([answer.status, answer.json?.code], [403, "auth.wrong_purpose"], path);
  }
  // Mallory's code in Victim's login, and an attempt of his own repeated there.
  const attempt = newAttempt();
  const code = await mallory.code();
  assert.equal((await own.answer("totp", { code }, attempt)).json.ok, true);
  const stolen = await hers.answer("totp", { code }, attempt);
  assert.notEqual(stolen.json?.ok, true, "an attempt of another login was answered from memory");
});

test("policy tightened between pass and receipt: the receipt is judged by the policy in force, and nothing comes of it [R11]", async () => {
  await victim.addQuestions(await victim.elevated());
  const login = await victim.login();
  const passed = await login.byQuestions();
  assert.equal(passed.json.state, "passed", passed.text);
  site.setPolicy((policy) => { policy.forgot_phone.enabled = false; });
  assertWorthless(await login.redeem(passed.json.receipt));
  const state = await login.state();
  assert.deepEqual([state.state, state.receipt], ["open", undefined], "what is proven is no longer enough");
  await assertPassed(login, await login.byApp());
  site.setPolicy(usual);
});

test("policy tightened between two steps: what was proven first no longer leads on [R11]", async () => {
  const person = await new Person(site, "two-steps").addApp();
  site.setPolicy(all(forgotPhone("kba_email"), (policy) => { policy.alternate_hold_hours = 0; }));
  await person.addMail("alternate", await person.elevated());
  await person.addQuestions(await person.elevated());
  await site.pass(61);
  const login = await person.login();
  assert.equal((await login.byQuestions()).json.ok, true);
  const code = await login.mailedCode("alternate_email");
  site.setPolicy(usual);
  assertNotAllowed(await login.answer("alternate_email", { code }));
  // What is proven is judged under the new policy, under which it is enough by itself.
  const { state, receipt } = await login.state();
  assert.equal(state, "passed");
  assert.deepEqual((await login.redeem(receipt)).json.methods, ["kba"]);
});

test("reconfigure between check and accept: a code of what was replaced meanwhile is refused [R8] [U3]", async () => {
  const person = await new Person(site, "moved").addApp();
  site.setPolicy(all(forgotPhone("email"), (policy) => { policy.alternate_hold_hours = 0; }));
  await person.addMail("alternate", await person.elevated());
  await site.pass(61);
  const login = await person.login();
  const stolen = await login.mailedCode("alternate_email");
  // Meanwhile the owner gives another address and confirms it.
  await person.addMail("alternate", await person.elevated(), `new-${person.otherEmail}`);
  const answer = await login.answer("alternate_email", { code: stolen });
  assert.notEqual(answer.json?.ok, true, "a code that went to the old address");
  // The same with an app: the old secret's code after the new one is in force.
  const old = { seed: person.seed, id: person.appId };
  await person.addApp(await person.elevated(), { replaces: person.appId });
  assert.notEqual(person.appId, old.id);
  await site.pass(60);
  const second = await person.login();
  assertRefused(await second.answer("totp", { code: codeOfStep(old.seed, site.step) }));
  site.setPolicy(usual);
});

test("answers replaced in the middle of a login: the old ones are refused [R8] [R24]", async () => {
  const person = await new Person(site, "new-answers").addApp();
  await person.addQuestions(await person.elevated());
  const old = person.questions;
  const login = await person.login();
  await login.forgot("kba");
  await person.addQuestions(await person.elevated(), ["Fresh Valley", "Doctor Pepperpot", "under the stairs"]);
  assertRefused(await login.byQuestions(old));
  await assertPassed(login, await login.byQuestions());
});

test("a user without any active method, or with an unknown name, gets no receipt by any answer [R6] [L19]", async () => {
  const nobody = new Person(site, "nobody");
  const login = await nobody.login();
  assert.equal((await login.state()).state, "enrollment_required");
  for (const [method, fields] of [["totp", { code: "000000" }], ["email", { code: "000000" }], ["alternate_email", { code: "000000" }],
    ["security_code", { code: "0000-0000-0000-0000" }], ["kba", { answers: [] }]]) {
    const answer = await login.answer(method, fields);
    assert.equal(answer.json?.receipt, undefined, answer.text);
    assert.notEqual(answer.json?.ok, true, answer.text);
  }
  assert.equal((await login.mail("email")).json?.ok === true, false, "mail to somebody who has set up nothing");
});

test("a login that names no first factor, an old one or a future one has no fallback [R5]", async () => {
  const person = await new Person(site, "first-factor").addApp();
  await person.addQuestions(await person.elevated());
  const login = await person.login({ first_factor: null });
  const { forgot_phone: offered, alternates } = await login.state();
  assert.deepEqual([offered, alternates], [false, []]);
  assertNotAllowed(await login.byQuestions());
  assertNotAllowed(await login.forgot("kba"));
  for (const broken of [{ method: "", at: 1 }, { method: "password" }, { at: 1 }, { method: "password", at: "now" }, {}]) {
    const asked = await Login.ask(person, { first_factor: broken });
    assert.equal(asked.status, 400, `${JSON.stringify(broken)}: ${asked.text}`);
  }
});
