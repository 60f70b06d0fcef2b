// SPDX-License-Identifier: Apache-2.0
// Security questions over HTTP: setting them up, being let in by them, and what an attacker learns of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, changePolicy, forgot, newAttempt, openChallenge, redeem, show } from "./challenges.mjs";
import { openSession } from "./enroll.mjs";
import { catalog, openElevated, questionState, save, threeQuestions } from "./questions.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";

let site;
let server;
let token;

const offerQuestions = () => changePolicy(site, (policy) => {
  policy.forgot_phone = { ...policy.forgot_phone, enabled: true, alternate: "kba", user_choice: false };
  policy.kba = { questions: 3, catalog: true, own: true };
});

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  offerQuestions();
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const imported = (user) => site.importUsers([user]).get(user);
const refusalOf = ({ status, json }) => [status, json.code];
const rowOf = (user) => site.storeRows("credential", user).find(({ method }) => method === "kba");
const answersOf = (questions) => questions.map(({ id, answer: given }) => ({ id, answer: given }));

/** A user with three questions, and a session that is elevated. */
async function userWithQuestions(user, questions = threeQuestions()) {
  const seed = imported(user);
  const session = await openElevated(server, token, user, seed);
  const saved = await save(server, session, questions);
  assert.equal(saved.status, 200, saved.text);
  return { user, seed, session, credential: saved.json.credential_id, questions };
}

const tryAnswers = async (user, answers) => {
  const challenge = await openChallenge(server, token, user);
  return { challenge, answered: await answer(server, challenge, "kba", { answers }) };
};

test("the page is told the questions and how many; while the policy asks for none, nobody is [U7] [A2]", async () => {
  imported("reader");
  const session = await openSession(server, token, "reader");
  const { status, json } = await catalog(server, session);
  assert.equal(status, 200);
  assert.deepEqual([json.needed, json.own, json.catalog, json.questions.length], [3, true, true, 24]);
  assert.equal(new Set(json.questions.map(({ id }) => id)).size, 24);
  for (const { id, text } of json.questions) assert.match(`${id}|${text}`, /^[a-z_]{3,64}\|[A-Z].*\?$/);
  const own = await questionState(server, session);
  assert.deepEqual(own, { method: "kba", status: "not_configured" });
  changePolicy(site, (policy) => { policy.forgot_phone.enabled = false; });
  assert.deepEqual(refusalOf(await catalog(server, session)), [409, "policy.not_allowed"]);
  assert.equal(await questionState(server, session), undefined);
  offerQuestions();
});

test("saving asks for a step-up, not by a fallback, and for a second factor to stand in for [U7] [R2] [R6]", async () => {
  const seed = imported("careful");
  const plain = await openSession(server, token, "careful");
  assert.deepEqual(refusalOf(await save(server, plain, threeQuestions())), [403, "auth.step_up_required"]);
  const nobody = await openSession(server, token, "nobody");
  assert.deepEqual(refusalOf(await save(server, nobody, threeQuestions())), [409, "method.none"]);
  const session = await openElevated(server, token, "careful", seed);
  site.changeStore("UPDATE session SET recovery = 1 WHERE user = 'careful' AND elevated_until > 0");
  assert.deepEqual(refusalOf(await save(server, session, threeQuestions())), [403, "auth.recovery_only"]);
  site.changeStore("UPDATE session SET recovery = 0 WHERE user = 'careful'");
  const challenge = await openChallenge(server, token, "careful");
  assert.deepEqual(refusalOf(await save(server, challenge.session, threeQuestions())), [403, "auth.wrong_purpose"]);
  assert.equal(rowOf("careful"), undefined);
  assert.equal((await save(server, session, threeQuestions())).json.ok, true);
  const { active_since: since, credential_id: credential, ...state } = await questionState(server, session);
  assert.deepEqual(state, { method: "kba", status: "active", uses_left: 3, questions: 3 });
  assert.equal(credential, rowOf("careful").credential);
  assert.ok(Math.abs(since - Date.now() / 1000) < 60);
});

test("answers and own questions are nowhere in the store, in the log or in a listing [R20] [R24] [L33]", async () => {
  const own = "Which word did grandfather mumble in church?";
  const questions = [...threeQuestions().slice(0, 2), { text: own, answer: "Zwetschgenmännla" }];
  await userWithQuestions("sealed", questions);
  const challenge = await openChallenge(server, token, "sealed");
  const asked = (await forgot(server, challenge, "kba")).json.questions;
  assert.deepEqual(asked.map(({ text }) => text).slice(2), [own], "the owner is asked it");
  const needles = ["zwetschgen", "ramones", "woodshed", "mumble"];
  for (const [name, bytes] of site.storeFiles()) {
    const text = bytes.toString("latin1").toLowerCase();
    for (const needle of needles) assert.ok(!text.includes(needle), `${needle} in ${name}`);
  }
  for (const line of server.log) for (const needle of needles) assert.ok(!line.toLowerCase().includes(needle), line);
});

test("what is no set of questions is refused with its place, and the old set stands [U7] [R24] [R14a]", async () => {
  const { session, credential } = await userWithQuestions("picky");
  const [first, second, third] = threeQuestions();
  const own = (text, given = "Quagga zebra") => ({ text, answer: given });
  const refused = [
    [[first, second], "kba.wrong_count", 2],
    [[first, second, third, own("What was my first bike called?")], "kba.wrong_count", 3],
    [[], "kba.wrong_count", 0],
    [[first, second, { id: "mothers_maiden_name", answer: "Smithers" }], "kba.question_unknown", 2],
    [[first, second, { ...first, answer: "Blondie" }], "kba.question_repeated", 2],
    [[first, own("What was my first bike called?"), own("what was my first BIKE called", "Okapi herd")], "kba.question_repeated", 2],
    [[own("What? 7"), second, third], "kba.question_malformed", 0],
    [[own("x".repeat(129)), second, third], "kba.question_malformed", 0],
    [[own("What\u0007 was it called?"), second, third], "kba.question_malformed", 0],
    [[first, { ...second, answer: "ab" }, third], "kba.answer_too_short", 1],
    [[first, { ...second, answer: "x".repeat(257) }, third], "kba.answer_too_long", 1],
    [[first, { ...second, answer: "12345" }, third], "kba.answer_denied", 1],
    [[first, { ...second, answer: "p i c k y" }, third], "kba.answer_denied", 1],
    [[first, { ...second, answer: "picky@example.org" }, third], "kba.answer_denied", 1],
    [[first, { ...second, answer: "BANK" }, third], "kba.answer_denied", 1],
    [[first, { ...second, answer: "hiding place" }, third], "kba.answer_denied", 1],
    [[first, second, { ...third, answer: "the RAMONES" }], "kba.answer_repeated", 2],
    [[first, second, { ...third, answer: "\u{e000}abc" }], "kba.answer_unassigned", 2],
  ];
  for (const [questions, code, index] of refused) {
    const { status, json, headers } = await save(server, session, questions);
    assert.deepEqual([status, json.code, json.index], [422, code, index], JSON.stringify(questions));
    assert.match(headers["content-type"], /^application\/problem\+json/);
    assert.match(json.detail, /\.$/);
  }
  for (const questions of [[{ answer: "alone" }, second, third], [{ id: "first_boss", text: "Both of them?", answer: "x" }, second, third]]) {
    assert.deepEqual(refusalOf(await save(server, session, questions)), [400, "request.field_invalid"]);
  }
  changePolicy(site, (policy) => { policy.kba = { questions: 3, catalog: true, own: false }; });
  assert.deepEqual(refusalOf(await save(server, session, [first, second, own("What was my first bike called?")])), [422, "kba.question_not_allowed"]);
  changePolicy(site, (policy) => { policy.kba = { questions: 3, catalog: false, own: true }; });
  assert.deepEqual(refusalOf(await save(server, session, [first, second, third])), [422, "kba.question_not_allowed"]);
  offerQuestions();
  assert.equal(rowOf("picky").credential, credential);
});

test("the primary address of the back end is no answer [R24]", async () => {
  const seed = imported("addressed");
  const session = await openElevated(server, token, "addressed", seed);
  const named = await server.call("POST", "/v1/sessions", {
    token, json: { user: "addressed", purpose: "manage", account: "a", issuer: "Bank", email: "m.poppins@cherrytree.example" },
  });
  assert.equal(named.status, 201, named.text);
  const [first, second, third] = threeQuestions();
  for (const given of ["Poppins", "cherry tree example", "m.poppins@cherrytree.example"]) {
    const refused = await save(server, session, [first, second, { ...third, answer: given }]);
    assert.deepEqual([...refusalOf(refused), refused.json.index], [422, "kba.answer_denied", 2], given);
  }
});

test("without the phone the answers let in, typed as people type, and the receipt says so [A2] [U11] [R4] [R24]", async () => {
  const { user, session } = await userWithQuestions("forgetful");
  const challenge = await openChallenge(server, token, user);
  assert.equal((await show(server, challenge)).json.questions, undefined, "not before they are asked for");
  const asked = (await forgot(server, challenge, "kba")).json;
  assert.deepEqual(asked.questions.map(({ id }) => id), threeQuestions().map(({ id }) => id));
  const answers = [
    { id: "worst_job", answer: "  GUTTING   mackerel! " },
    { id: "first_concert", answer: "the ramones" },
    { id: "childhood_hiding", answer: "behind-the-wood shed" },
  ];
  const passed = (await answer(server, challenge, "kba", { answers })).json;
  assert.deepEqual([passed.ok, passed.state, passed.proven], [true, "passed", ["kba"]]);
  const redeemed = (await redeem(server, token, { ...challenge, receipt: passed.receipt })).json;
  assert.deepEqual([redeemed.ok, redeemed.methods, redeemed.fallback], [true, ["kba"], true]);
  assert.equal((await questionState(server, session)).uses_left, 2);
});

test("whatever is wrong with the answers is one wrong attempt with one answer [R24] [R14] [R13] [L27]", async () => {
  const { user } = await userWithQuestions("guessed");
  const [first, second, third] = answersOf(threeQuestions());
  const wrong = [
    [first, second, { ...third, answer: "Selling socks" }],
    [{ ...first, answer: "Nobody else" }, { ...second, answer: "Nowhere near" }, { ...third, answer: "Nothing much" }],
    [first, second],
    [{ ...first, id: "first_album" }, second, third],
    [first, second, { ...third, answer: "" }],
    [first, first, first],
  ];
  let failures = 0;
  for (const answers of wrong.slice(0, 4)) {
    const { answered } = await tryAnswers(user, answers);
    assert.deepEqual(answered.json, { ok: false, code: "not_accepted", retry_after: 0 });
    failures += 1;
    assert.equal(rowOf(user).failures, failures);
  }
  const { challenge, answered } = await tryAnswers(user, wrong[4]);
  assert.deepEqual([answered.json.ok, answered.json.retry_after >= 29], [false, true], "the fifth begins the pause");
  assert.equal((await show(server, challenge)).json.state, "ended", "and ends its challenge (L11)");
  const right = await tryAnswers(user, answersOf(threeQuestions()));
  assert.deepEqual([right.answered.json.ok, rowOf(user).failures, rowOf(user).uses], [false, 5, 0], "nothing is taken in a pause");
  site.changeStore("UPDATE credential SET not_before = 0 WHERE user = 'guessed'");
  assert.equal((await tryAnswers(user, wrong[5])).answered.json.ok, false);
  assert.equal(rowOf(user).failures, 6);
});

test("an attempt sent twice is one attempt, right or wrong [R4]", async () => {
  const { user, session } = await userWithQuestions("flaky");
  const challenge = await openChallenge(server, token, user);
  const attempt = newAttempt();
  const answers = answersOf(threeQuestions()).map((each) => ({ ...each, answer: "Wrong one" }));
  for (let i = 0; i < 2; i += 1) assert.equal((await answer(server, challenge, "kba", { answers }, attempt)).json.ok, false);
  assert.equal(rowOf(user).failures, 1);
  const good = newAttempt();
  for (let i = 0; i < 2; i += 1) {
    assert.equal((await answer(server, challenge, "kba", { answers: answersOf(threeQuestions()) }, good)).json.ok, true);
  }
  assert.equal((await questionState(server, session)).uses_left, 2);
});

test("three uses, then new answers are asked for; the old ones open nothing and the new ones do [R24] [U7]", async () => {
  const { user, session, credential } = await userWithQuestions("thrice");
  const right = answersOf(threeQuestions());
  for (const left of [2, 1, 0]) {
    assert.equal((await tryAnswers(user, right)).answered.json.state, "passed");
    assert.equal((await questionState(server, session)).uses_left, left);
  }
  const challenge = await openChallenge(server, token, user);
  assert.deepEqual([(await show(server, challenge)).json.alternates, (await show(server, challenge)).json.forgot_phone], [[], false]);
  assert.deepEqual(refusalOf(await answer(server, challenge, "kba", { answers: right })), [409, "challenge.not_allowed"]);
  const renewed = threeQuestions().map((each) => ({ ...each, answer: `${each.answer} indeed` }));
  assert.equal((await save(server, session, renewed)).json.ok, true);
  assert.notEqual(rowOf(user).credential, credential);
  assert.equal((await questionState(server, session)).uses_left, 3);
  assert.equal((await tryAnswers(user, right)).answered.json.ok, false);
  assert.equal((await tryAnswers(user, answersOf(renewed))).answered.json.state, "passed");
});

test("one use while the second factor is disabled is the last [R24] [R13]", async () => {
  const { user, session } = await userWithQuestions("disabled");
  site.changeStore("UPDATE credential SET status = 'disabled' WHERE user = 'disabled' AND method = 'totp'");
  assert.equal((await tryAnswers(user, answersOf(threeQuestions()))).answered.json.state, "passed");
  assert.equal((await questionState(server, session)).uses_left, 0);
});

test("the hundredth failure disables the set, and only new answers end that [R13]", async () => {
  const { user, session } = await userWithQuestions("worn");
  site.changeStore("UPDATE credential SET failures = 99, window_failures = 99, window_start = unixepoch() WHERE user = 'worn' AND method = 'kba'");
  assert.equal((await tryAnswers(user, answersOf(threeQuestions()).slice(1))).answered.json.ok, false);
  assert.equal((await questionState(server, session)).status, "disabled");
  const challenge = await openChallenge(server, token, user);
  const refused = await answer(server, challenge, "kba", { answers: answersOf(threeQuestions()) });
  assert.deepEqual([refused.status, refused.json.code], [200, "not_accepted"], "as if they were wrong (R14)");
  assert.equal(rowOf(user).uses, 0);
  assert.equal((await save(server, session, threeQuestions())).json.ok, true);
  assert.equal((await tryAnswers(user, answersOf(threeQuestions()))).answered.json.state, "passed");
});

test("a set moved to another user opens nothing for him [R20] [R24]", async () => {
  const { user } = await userWithQuestions("donor");
  await userWithQuestions("taker", threeQuestions().map((each) => ({ ...each, answer: `${each.answer} too` })));
  site.changeStore("DELETE FROM credential WHERE user = 'taker' AND method = 'kba'");
  site.changeStore(`UPDATE credential SET user = 'taker' WHERE user = '${user}' AND method = 'kba'`);
  const { answered } = await tryAnswers("taker", answersOf(threeQuestions()));
  assert.notEqual(answered.json.ok, true);
  assert.equal(rowOf("taker").uses, 0);
});

test("answers that are racing are used one at a time, and none more than three [R9] [R24] [L2]", async () => {
  const { user, session } = await userWithQuestions("racer");
  const challenges = await Promise.all(Array.from({ length: 8 }, () => openChallenge(server, token, user)));
  const right = answersOf(threeQuestions());
  const all = await Promise.all(challenges.map((challenge) => answer(server, challenge, "kba", { answers: right })));
  const passed = all.filter(({ json }) => json.state === "passed").length;
  assert.ok(passed >= 1 && passed <= 3, `${passed}`);
  assert.equal((await questionState(server, session)).uses_left, 3 - passed);
  assert.equal(rowOf(user).uses, passed);
});
