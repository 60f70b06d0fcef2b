// SPDX-License-Identifier: Apache-2.0
// Somebody who knows the password guesses codes: in bursts, in many logins, by every way in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertPassed, assertRefused } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { mistyped, newCode } from "../server/http/security_codes.mjs";
import { wrongCode } from "../server/http/totp.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba"), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
});
after(() => site.close());

const wrong = (person) => ({ code: wrongCode(person.seed, site.now) });

/** Wrong codes until a pause begins. @returns how many were taken */
async function guessUntilPaused(guess) {
  for (let guesses = 1; guesses <= 20; guesses += 1) {
    const answer = await guess();
    assert.notEqual(answer.json?.ok, true, "a guess came true");
    if (answer.json?.retry_after > 1) return guesses;
  }
  return assert.fail("no pause after 20 guesses");
}

test("500 guesses in one burst: five are counted, then the pause holds; not one more is tried [R9] [R9b] [L3]", async () => {
  const person = await new Person(site, "burst").addApp();
  const login = await person.login();
  const base = Number(wrong(person).code);
  const answers = await Promise.all(Array.from({ length: 500 }, (_, index) =>
    login.answer("totp", { code: String((base + index) % 1_000_000).padStart(6, "0") })));
  assert.equal(answers.filter(({ json }) => json?.ok === true).length, 0);
  assert.ok(answers.every(({ status }) => [200, 409, 429].includes(status)), [...new Set(answers.map(({ status }) => status))].join());
  const [{ failures }] = site.storeRows("credential", person.user);
  assert.ok(failures >= 1 && failures <= 5, `${failures} were counted`);
  // Whatever of the five was left is used up; then the right code is refused as well.
  await guessUntilPaused(async () => (await person.login()).answer("totp", wrong(person)));
  assertRefused(await (await person.login()).answer("totp", { code: await person.code() }));
});

test("500 logins at once with a guess each count on the one credential [R9] [R9b] [L8]", async () => {
  const person = await new Person(site, "many-logins").addApp();
  const logins = [];
  // A user has 16 sessions: the earlier logins end, and must not have bought anything.
  for (let i = 0; i < 12; i += 1) logins.push(await person.login());
  await Promise.all(Array.from({ length: 500 }, (_, index) => logins[index % 12].answer("totp", wrong(person))));
  const [{ failures }] = site.storeRows("credential", person.user);
  assert.ok(failures >= 1 && failures <= 5, `${failures} were counted`);
});

test("a new challenge does not clear the count: four guesses in four logins, and the fifth pauses [L8] [R13]", async () => {
  const person = await new Person(site, "fresh-logins").addApp();
  const guesses = await guessUntilPaused(async () => (await person.login()).answer("totp", wrong(person)));
  assert.equal(guesses, 5);
  assertRefused(await (await person.login()).answer("totp", { code: await person.code() }));
});

test("every way that takes a code of the app shares its count: login, step-up, the back end's own check [L7] [R9] [L8]", async () => {
  const person = await new Person(site, "side-paths").addApp();
  const session = await person.session();
  const ways = [
    async () => (await person.login()).answer("totp", wrong(person)),
    () => person.call("POST", "/v1/w/elevate", session, { method: "totp", ...wrong(person) }),
    () => person.call("POST", "/v1/verify", site.token, { user: person.user, method: "totp", ...wrong(person) }),
  ];
  let turn = 0;
  assert.equal(await guessUntilPaused(() => ways[(turn += 1) % 3]()), 5);
});

test("a pause ends the login that caused it, and the person's other login goes on [L11] [L10]", async () => {
  const person = await new Person(site, "ended").addApp();
  const other = await person.login();
  const login = await person.login();
  assert.equal(await guessUntilPaused(() => login.answer("totp", wrong(person))), 5);
  const { state, accepts, receipt } = await login.state();
  assert.deepEqual([state, accepts, receipt], ["ended", [], undefined]);
  assert.equal((await login.answer("totp", { code: await person.code() })).json?.ok === true, false);
  await site.pass(31);
  await assertPassed(other, await other.byApp());
});

test("a paused app leaves the other ways in open, each with its own count [L10] [L12] [R13]", async () => {
  const person = await new Person(site, "not-locked-out").addApp();
  await person.addCodes(await person.elevated());
  await person.addQuestions(await person.elevated());
  await guessUntilPaused(async () => (await person.login()).answer("totp", wrong(person)));
  const byCode = await person.login();
  await assertPassed(byCode, await byCode.byCode(person.codes[0]));
  await guessUntilPaused(async () => (await person.login()).byCode(newCode()));
  const byQuestions = await person.login();
  await assertPassed(byQuestions, await byQuestions.byQuestions());
});

test("guesses at answers are counted as one secret, over all logins, and paused [R24] [L7] [R13]", async () => {
  const person = await new Person(site, "quizzed").addApp();
  await person.addQuestions(await person.elevated());
  const bad = person.questions.map((one) => ({ ...one, answer: "something else" }));
  assert.equal(await guessUntilPaused(async () => (await person.login()).byQuestions(bad)), 5);
  assertRefused(await (await person.login()).byQuestions());
});

test("answers to other questions, fewer, doubled or empty ones are one wrong answer, and nothing more is told [R24] [L13] [R14]", async () => {
  const person = await new Person(site, "odd-answers").addApp();
  await person.addQuestions(await person.elevated());
  const [first, second, third] = person.questions;
  for (const given of [[first, second], [first, first, third], [first, second, { ...third, answer: "" }], [third, second, first].map((one, index) => ({ ...one, answer: person.questions[index].answer }))]) {
    const login = await person.login();
    const answer = await login.byQuestions(given);
    assert.notEqual(answer.json?.ok, true, JSON.stringify(given.length));
    assert.equal(/wrong|which|question \d/i.test(answer.text), false, answer.text);
    await site.pass(1);
    site.changeStore("UPDATE credential SET failures = 0, not_before = 0 WHERE method = 'kba'");
  }
  assert.notEqual((await (await person.login()).answer("kba", { answers: [] })).json?.ok, true);
});

test("a mailed code stands five guesses, its address more only by pausing, and a new code brings no new count [R23] [R13] [L8]", async () => {
  const person = new Person(site, "mailed");
  await person.addMail("email");
  await site.pass(61);
  const login = await person.login();
  const code = await login.mailedCode("email");
  const bad = code === "111111" ? "222222" : "111111";
  assert.equal(await guessUntilPaused(() => login.answer("email", { code: bad })), 5);
  await site.pass(31);
  const second = await person.login();
  assert.notEqual((await second.answer("email", { code })).json?.ok, true, "a code after its five guesses");
  await site.pass(61);
  const third = await person.login();
  await third.mailedCode("email");
  assertRefused(await third.answer("email", { code: "000000" }));
  const [{ failures }] = site.storeRows("credential", person.user).filter(({ method }) => method === "email");
  assert.ok(failures >= 6, `a new code cleared the count: ${failures}`);
});

test("what is no code costs nothing, in every spelling, and no spelling makes a used code new [L4] [R14b]", async () => {
  const person = await new Person(site, "spelled").addApp();
  const code = await person.code();
  const login = await person.login();
  await assertPassed(login, await login.answer("totp", { code }));
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join("");
  const arabic = [...code].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join("");
  for (const spelled of [code, spaced, `${code} `, wide, arabic, `0${code}`, `+${code}`, `${code}.0`, "", "-"]) {
    const again = await person.login();
    const answer = await again.answer("totp", { code: spelled });
    assert.notEqual(answer.json?.ok, true, `accepted again as ${JSON.stringify(spelled)}`);
  }
  assert.equal(site.storeRows("credential", person.user)[0].failures, 0, "what cannot be a code was counted");
});

test("a security code that is mistyped or no code costs no try; a wrong one costs one, however many are stored [R25] [L21] [L13]", async () => {
  const person = await new Person(site, "mistyped-codes").addApp();
  await person.addCodes(await person.elevated());
  const failures = () => site.storeRows("credential", person.user).find(({ method }) => method === "static_codes").failures;
  const [first, second] = person.codes;
  const swapped = first[0] === first[1] ? first : first[1] + first[0] + first.slice(2);
  for (const code of [mistyped(first), ...(swapped === first ? [] : [swapped]), "", "K7QF", "0".repeat(17), `${first}0`]) {
    const answer = await (await person.login()).answer("security_code", { code });
    assert.notEqual(answer.json?.ok, true, code);
    assert.equal(failures(), 0, `${code} was counted`);
  }
  assertRefused(await (await person.login()).answer("security_code", { code: newCode() }));
  assert.equal(failures(), 1);
  const login = await person.login();
  await assertPassed(login, await login.answer("security_code", { code: second }));
});
