// SPDX-License-Identifier: Apache-2.0
// Forgot My Phone: off by default, then exactly the ways that the policy and the person's choice allow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNotAllowed, assertPassed, assertRefused } from "./login.mjs";
import { codeIn } from "./mail.mjs";
import { answers, Person } from "./person.mjs";
import { Site } from "../server/http/site.mjs";
import { MenuSite, all, forgotPhone } from "./site.mjs";

const atOnce = (policy) => { policy.alternate_hold_hours = 0; };
let site;
let ana;

/** Somebody with an app, three answers and an alternate address. */
async function wellPrepared() {
  site.setPolicy(all(atOnce, forgotPhone("kba_email", ["kba", "kba_email", "email"])));
  const person = await new Person(site, "ana").addApp();
  const session = await person.elevated();
  await person.addQuestions(session);
  await person.addMail("alternate", await person.elevated());
  return person;
}

before(async () => {
  site = await MenuSite.open();
  ana = await wellPrepared();
});
after(() => site.close());

const off = (policy) => { policy.forgot_phone.enabled = false; };
const state = async (fields) => (await ana.login(fields)).state();

test("with Forgot Phone off, what somebody has set up for it opens nothing [A1] [U6]", async () => {
  site.setPolicy(off);
  const login = await ana.login();
  const { accepts, forgot_phone: offered, alternates } = await login.state();
  assert.deepEqual([accepts, offered, alternates], [["totp"], false, []]);
  for (const way of ["kba", "kba_email", "email"]) assertNotAllowed(await login.forgot(way));
  assertNotAllowed(await login.byQuestions());
  assertNotAllowed(await login.mail("alternate_email"));
});

test("the default policy has it off, and switched on it is judged and priced, so that its switch can warn [A1]", () => {
  const fresh = new Site();
  try {
    fresh.createAppKey();
    const { policy } = fresh.must(["policy", "get", "--data", fresh.data]);
    assert.equal(policy.forgot_phone.enabled, false);
  } finally {
    fresh.remove();
  }
  const judged = (...flags) => JSON.stringify(site.must(["standards", ...flags]));
  assert.notEqual(judged("--forgot-phone", "kba"), judged());
  assert.match(judged("--forgot-phone", "kba"), /6\.4\.2/);
  assert.notDeepEqual(site.must(["budget", "--forgot-phone", "kba"]), site.must(["budget"]));
});

test("security questions alone let in, as a fallback, without any code by mail [A2] [U6] [U7]", async () => {
  site.setPolicy(forgotPhone("kba"));
  const login = await ana.login();
  assert.deepEqual((await login.state()).alternates, ["kba"]);
  assert.equal((await login.state()).questions, undefined, "nobody has asked for them");
  const asked = await login.forgot("kba");
  assert.deepEqual(asked.json.questions.map(({ id }) => id).sort(), ana.questions.map(({ id }) => id).sort());
  assert.ok(asked.json.questions.every(({ text }) => text.length > 5));
  assertNotAllowed(await login.mail("alternate_email"));
  const wrong = ana.questions.map((one, index) => (index === 1 ? { ...one, answer: "Somebody Else" } : one));
  assertRefused(await login.byQuestions(wrong));
  const passed = await login.byQuestions();
  const { methods, fallback } = await assertPassed(login, passed);
  assert.deepEqual([methods, fallback], [["kba"], true]);
  await site.mail.notice(ana.email, /security questions/i);
});

test("questions and a code by email: the mail leaves only after the answers were right, and both are needed [A3] [U6] [U8] [R24]", async () => {
  site.setPolicy(forgotPhone("kba_email"));
  // A set of answers lets in three times, and an address gets one mail a minute.
  await ana.addQuestions();
  await site.pass(61);
  const login = await ana.login();
  assert.deepEqual((await login.state()).alternates, ["kba_email"]);
  const codes = async () => (await site.mail.to(ana.otherEmail)).filter((letter) => codeIn(letter) !== undefined).length;
  const before = await codes();
  assertNotAllowed(await login.mail("alternate_email"));
  assertRefused(await login.byQuestions(ana.questions.map((one) => ({ ...one, answer: "not at all" }))));
  assertNotAllowed(await login.mail("alternate_email"));
  assert.equal(await codes(), before, "mail went out before the questions were passed");
  const half = await login.byQuestions();
  assert.deepEqual([half.json.ok, half.json.state, half.json.receipt], [true, "open", undefined], half.text);
  assert.ok(half.json.accepts.includes("alternate_email"));
  assert.equal(half.json.accepts.includes("kba"), false, "proven once");
  assert.match(half.json.alternate_email.masked, /@home\.example$/);
  assert.notEqual(half.json.alternate_email.masked, ana.otherEmail);
  const { methods, fallback } = await assertPassed(login, await login.byMail("alternate_email"));
  assert.deepEqual([methods.sort(), fallback], [["alternate_email", "kba"], true]);
});

test("a code to the alternate address alone lets in, and the notice goes elsewhere too [A4] [U6] [U8] [R23]", async () => {
  site.setPolicy(forgotPhone("email"));
  const login = await ana.login();
  assert.deepEqual((await login.state()).alternates, ["email"]);
  assertNotAllowed(await login.byQuestions());
  const before = site.mail.count(ana.email);
  await site.pass(61);
  const { methods, fallback } = await assertPassed(login, await login.byMail("alternate_email"));
  assert.deepEqual([methods, fallback], [["alternate_email"], true]);
  await site.mail.next(ana.email, before);
});

test("users choose their own alternate among those ticked, never one not ticked, and may switch among them [A5] [U10] [U6]", async () => {
  site.setPolicy(forgotPhone("kba_email", ["kba_email", "email"]));
  const session = await ana.elevated();
  const { alternates } = await ana.methods(session);
  assert.deepEqual([alternates.user_choice, [...alternates.offered].sort()], [true, ["email", "kba_email"]]);
  const refused = await ana.choose(session, ["kba"]);
  assert.deepEqual([refused.status, refused.json.code], [409, "policy.not_allowed"]);
  assert.equal((await ana.choose(session, ["email"])).json.ok, true);
  assert.deepEqual((await ana.methods(session)).alternates.chosen, ["email"]);
  const login = await ana.login();
  const offered = (await login.state()).alternates;
  assert.ok(offered.includes("email") && !offered.includes("kba"), offered.join());
  assertNotAllowed(await login.forgot("kba"));
  assert.equal((await login.forgot("email")).status, 200);
  // Several picked: in Forgot My Phone one may switch among them.
  assert.equal((await ana.choose(session, ["kba_email", "email"])).json.ok, true);
  const both = await ana.login();
  assert.deepEqual([...(await both.state()).alternates].sort(), ["email", "kba_email"]);
  assert.equal((await both.forgot("kba_email")).json.questions.length, 3);
  assert.equal((await both.forgot("email")).json.questions, undefined);
  // What the administrator unticks is gone at once, whatever was chosen.
  site.setPolicy(forgotPhone("kba_email", ["kba_email"]));
  assert.deepEqual((await both.state()).alternates, ["kba_email"]);
  site.setPolicy(forgotPhone("kba"));
  const fixed = await ana.choose(await ana.elevated(), ["kba"]);
  assert.equal(fixed.status >= 400 || fixed.json.ok === false, true, "there is no choice while A5 is off");
});

test("exactly the alternates that policy, choice and set-up allow, in every combination of ticks [U6] [A5]", async () => {
  const every = ["kba", "kba_email", "email"];
  await ana.addQuestions();
  const session = await ana.elevated();
  site.setPolicy(forgotPhone("kba_email", every));
  assert.equal((await ana.choose(session, every)).json.ok, true);
  for (let ticks = 1; ticks < 8; ticks += 1) {
    const offered = every.filter((_, index) => ticks & (1 << index));
    site.setPolicy(forgotPhone(offered[0], offered));
    assert.deepEqual([...(await state()).alternates].sort(), [...offered].sort(), `ticked: ${offered}`);
  }
  // Somebody with an app alone is offered none.
  const bare = await new Person(site, "bare").addApp();
  const login = await bare.login();
  assert.deepEqual([(await login.state()).forgot_phone, (await login.state()).alternates], [false, []]);
});

test("a login that names no first factor is offered no fallback [R5] [U6]", async () => {
  site.setPolicy(forgotPhone("kba"));
  const { accepts, forgot_phone: offered } = await state({ first_factor: null });
  assert.deepEqual([accepts, offered], [["totp"], false]);
});

test("answers are folded as people type them, and three uses ask for new ones [U7] [R24]", async () => {
  site.setPolicy(forgotPhone("kba"));
  await ana.addQuestions();
  const spellings = [(text) => text.toUpperCase(), (text) => `  ${text} `, (text) => text.replaceAll(" ", "  ")];
  for (const spell of spellings) {
    const login = await ana.login();
    await assertPassed(login, await login.byQuestions(ana.questions.map(({ id, answer }) => ({ id, answer: spell(answer) }))));
  }
  const fourth = await ana.login();
  assert.equal((await fourth.state()).forgot_phone, false, "after three uses they are spent");
  assertNotAllowed(await fourth.byQuestions());
  await ana.addQuestions(await ana.elevated(), [...answers].reverse());
  const fifth = await ana.login();
  await assertPassed(fifth, await fifth.byQuestions());
});
