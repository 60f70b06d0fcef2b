// SPDX-License-Identifier: Apache-2.0
// Who came in by a fallback, or with a stolen session, tries to take the account over; an administrator oversteps.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertPassed, assertRefused } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { Administrator } from "../menu/staff.mjs";
import { begin, beginIn } from "../server/http/enroll.mjs";
import { codeOfStep } from "../server/http/totp.mjs";

let site;
let stella;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba", ["kba", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
  stella = await Administrator.hire(site, "stella");
});
after(() => site.close());

const codeOf = ({ status, json }) => [status, json?.code];

/** Every change that a session of purpose manage can ask for. */
const changes = (person) => [
  ["/v1/w/codes/replace", { stretched: Array.from({ length: 10 }, (_, index) => Buffer.alloc(32, index + 1).toString("base64url")) }],
  ["/v1/w/questions/save", { questions: person.questions ?? [] }],
  ["/v1/w/email/begin", {}],
  ["/v1/w/alternate/begin", { address: "mallory@evil.example" }],
  ["/v1/w/methods/remove", { credential_id: person.questionsId ?? "x" }],
  ["/v1/w/totp/remove", { credential_id: person.appId }],
];

test("a session that was not stepped up changes nothing, by any route [R2]", async () => {
  const person = await new Person(site, "stolen").addApp();
  await person.addQuestions(await person.elevated());
  const session = await person.session();
  for (const [path, body] of changes(person)) {
    assert.deepEqual(codeOf(await person.call("POST", path, session, body)), [403, "auth.step_up_required"], path);
  }
});

test("who came in by a fallback may bind an app, and change no address, answer or code for a day [R2] [L16]", async () => {
  const person = await new Person(site, "fallen-back").addApp();
  await person.addQuestions(await person.elevated());
  await person.addCodes(await person.elevated());
  const login = await person.login();
  const passed = await login.byQuestions();
  assert.equal(passed.json.ok, true, passed.text);
  await assertPassed(login, passed);
  const session = await person.session({ elevated_by: login.challenge });
  assert.equal((await person.methods(session)).recovery, true);
  for (const [path, body] of changes(person)) {
    const answer = await person.call("POST", path, session, body);
    assert.deepEqual(codeOf(answer), [403, "auth.recovery_only"], `${path}: ${answer.text}`);
  }
  await person.addApp(session, { replaces: person.appId });
});

test("a session starts elevated only by a passed challenge of the same user and application, and a young one [R2] [L14]", async () => {
  const person = await new Person(site, "elevated").addApp();
  const other = await new Person(site, "other").addApp();
  const open = await person.login();
  assert.deepEqual(codeOf(await person.askSession({ elevated_by: open.challenge })), [409, "challenge.not_passed"]);
  const foreign = await other.login();
  await assertPassed(foreign, await foreign.byApp());
  assert.deepEqual(codeOf(await person.askSession({ elevated_by: foreign.challenge })), [409, "challenge.not_passed"]);
  const login = await person.login();
  await assertPassed(login, await login.byApp());
  const stranger = site.createAppKey("stranger").token;
  assert.deepEqual(codeOf(await person.askSession({ elevated_by: login.challenge }, stranger)), [409, "challenge.not_passed"]);
  assert.deepEqual(codeOf(await person.askSession({ elevated_by: "no-such-challenge" })), [409, "challenge.not_passed"]);
  assert.equal((await person.askSession({ elevated_by: login.challenge })).status, 201);
  await site.pass(601);
  assert.deepEqual(codeOf(await person.askSession({ elevated_by: login.challenge })), [409, "challenge.not_passed"]);
});

test("half an enrollment neither locks out nor lets in; a reset by enrolling anew is refused [L16] [R6] [L6]", async () => {
  const person = await new Person(site, "half").addApp();
  await beginIn(site.server, await person.elevated(), person.user, { replaces: person.appId });
  const login = await person.login();
  await assertPassed(login, await login.byApp());
  await assert.rejects(begin(site.server, site.token, person.user), /step_up_required/);
  const fresh = new Person(site, "half-new");
  await begin(site.server, site.token, fresh.user);
  assert.equal((await (await fresh.login()).state()).state, "enrollment_required");
});

test("the code that confirmed an app passes no login, and one that stepped up neither [L6] [R8] [L1]", async () => {
  const person = await new Person(site, "confirmed").addApp();
  assertRefused(await (await person.login()).answer("totp", { code: codeOfStep(person.seed, person.lastStep) }));
  const session = await person.session();
  const code = await person.code();
  assert.equal((await person.call("POST", "/v1/w/elevate", session, { method: "totp", code })).json.ok, true);
  assertRefused(await (await person.login()).answer("totp", { code }));
});

test("codes made by a client are checked: too few, doubled, empty or of another length are refused whole [L13]", async () => {
  const person = await new Person(site, "client-made").addApp();
  const session = await person.elevated();
  const good = Array.from({ length: 10 }, (_, index) => Buffer.alloc(32, index + 1).toString("base64url"));
  for (const list of [[], [""], good.slice(1), [...good.slice(1), good[1]], [...good.slice(1), "AAAA"], [...good, good[0]], "all", null]) {
    const answer = await person.call("POST", "/v1/w/codes/replace", session, { stretched: list });
    assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(list)?.slice(0, 30)}: ${answer.text}`);
  }
  assert.notEqual((await person.method("static_codes"))?.status, "active");
});

test("an admin session needs the key's scope, and the actor's own challenge, passed by a second factor, just now [R3] [L14]", async () => {
  const challenge = await stella.passedChallenge();
  assert.deepEqual(codeOf(await stella.askAdminSession(challenge, { key: site.token })), [403, "auth.scope_missing"]);
  const other = await Administrator.hire(site, "other-staff");
  assert.deepEqual(codeOf(await other.askAdminSession(challenge)), [409, "challenge.not_passed"]);
  const open = await stella.login({ key: site.staffToken });
  assert.deepEqual(codeOf(await stella.askAdminSession(open.challenge)), [409, "challenge.not_passed"]);
  // By a fallback.
  await stella.addCodes(await stella.elevated());
  const fallen = await stella.login({ key: site.staffToken });
  await assertPassed(fallen, await fallen.byCode(stella.codes[0]));
  assert.deepEqual(codeOf(await stella.askAdminSession(fallen.challenge)), [409, "challenge.not_passed"]);
  for (const scopes of [[], ["everything"], ["policy", "everything"], "policy", null]) {
    const answer = await stella.askAdminSession(await stella.passedChallenge(), { scopes });
    assert.equal(answer.status, 400, `${JSON.stringify(scopes)}: ${answer.text}`);
  }
  const late = await stella.passedChallenge();
  await site.pass(601);
  assert.deepEqual(codeOf(await stella.askAdminSession(late)), [409, "challenge.not_passed"]);
});

test("an admin session ends after ten minutes, and its revoked key takes it along [R3]", async () => {
  const session = await stella.signIn();
  await site.pass(601);
  assert.equal((await stella.call("GET", "/v1/w/admin/policy", session)).status, 401);
});

test("nobody acts on himself or on another administrator [R3]", async () => {
  const session = await stella.signIn();
  const other = await Administrator.hire(site, "colleague");
  await other.signIn();
  for (const target of [stella, other]) {
    const issued = await stella.issueCode(session, target.user);
    assert.deepEqual(codeOf(issued), [403, "admin.not_on_administrators"], issued.text);
    const unlocked = await stella.call("POST", "/v1/w/admin/unlock", session, { user: target.user, credential_id: target.appId });
    assert.deepEqual(codeOf(unlocked), [403, "admin.not_on_administrators"], unlocked.text);
  }
});

test("an administrator's code voids the one before, ends with its day, and is no step-up beyond a recovery [R3] [R2]", async () => {
  const ben = await new Person(site, "ben").addApp();
  await ben.addQuestions(await ben.elevated());
  const session = await stella.signIn();
  const first = (await stella.issueCode(session, ben.user)).json.code.replaceAll("-", "");
  const second = (await stella.issueCode(session, ben.user)).json.code.replaceAll("-", "");
  const salt = (await (await ben.login()).state()).salt;
  assertRefused(await (await ben.login()).byCode(first, salt));
  const own = await ben.session();
  const elevated = await ben.call("POST", "/v1/w/elevate", own, { method: "security_code", code: second });
  assert.equal(elevated.json.ok, true, elevated.text);
  const held = await ben.remove(own, ben.questionsId);
  assert.deepEqual(codeOf(held), [403, "auth.recovery_only"]);
});

test("another user's credential is neither removed, replaced nor unlocked [R1] [L14]", async () => {
  const mallory = await new Person(site, "mallory").addApp();
  const victim = await new Person(site, "victim").addApp();
  await victim.addQuestions(await victim.elevated());
  const session = await mallory.elevated();
  for (const id of [victim.questionsId, victim.appId]) {
    const answer = await mallory.remove(session, id);
    assert.ok([404, 409].includes(answer.status), answer.text);
  }
  assert.equal((await victim.method("kba")).status, "active");
});

test("three uses of the questions end them, and what a disabled state let in asks for new ones [R24]", async () => {
  const person = await new Person(site, "worn-out").addApp();
  await person.addQuestions(await person.elevated());
  for (let use = 0; use < 3; use += 1) {
    const login = await person.login();
    await assertPassed(login, await login.byQuestions());
  }
  assert.equal((await (await person.login()).state()).forgot_phone, false);
});
