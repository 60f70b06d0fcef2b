// SPDX-License-Identifier: Apache-2.0
// Configure 2FA: what each box says, how each method is set up, changed and removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { beginIn, confirm } from "../server/http/enroll.mjs";
import { codeOfStep } from "../server/http/totp.mjs";
import { assertPassed, assertRefused } from "./login.mjs";
import { Person } from "./person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "./site.mjs";

let site;

const everything = all(forgotPhone("kba_email", ["kba", "kba_email", "email"]), securityCodes("both"), (policy) => {
  policy.login_methods.email = true;
  policy.kba.own = true;
});

before(async () => {
  site = await MenuSite.open(everything);
});
after(() => site.close());

const statuses = async (person, session) =>
  Object.fromEntries((await person.methods(session)).methods.map(({ method, status }) => [method, status]));

test("there is a box for each method that the policy has, not configured at first and active afterwards [U1]", async () => {
  const person = new Person(site, "boxes");
  const { totp, email, alternate_email: alternate, kba, static_codes: codes } = await statuses(person);
  assert.deepEqual([totp, email, alternate, kba], ["not_configured", "not_configured", "not_configured", "not_configured"]);
  assert.ok([undefined, "not_configured"].includes(codes));
  await person.addApp();
  await person.addMail("email", await person.elevated());
  await person.addQuestions(await person.elevated());
  const session = await person.elevated();
  await person.addCodes(session);
  await person.addMail("alternate", await person.elevated());
  const after = await person.methods(session);
  assert.deepEqual(await statuses(person, session),
    { totp: "active", email: "active", alternate_email: "active", kba: "active", static_codes: "active" });
  for (const method of after.methods) {
    assert.ok(method.credential_id, method.method);
    assert.ok(Math.abs(method.active_since - site.now) < 600, method.method);
  }
  assert.equal(after.methods.find(({ method }) => method === "static_codes").remaining, 10);
  assert.ok(after.methods.find(({ method }) => method === "alternate_email").usable_from > site.now, "held for 24 h");
});

test("what the policy does not have is not offered; what is set up stays to be seen [U1] [A12]", async () => {
  const person = await new Person(site, "narrow").addApp();
  await person.addQuestions(await person.elevated());
  site.setPolicy((policy) => {
    policy.login_methods.email = false;
    policy.forgot_phone.enabled = false;
    policy.security_codes.enabled = false;
  });
  try {
    const { methods, alternates } = await person.methods();
    assert.deepEqual(methods.map(({ method }) => method).sort(), ["kba", "totp"]);
    assert.equal(alternates, undefined);
  } finally {
    site.setPolicy(everything);
  }
});

test("the authenticator app becomes active with its first code [U2] [R14a]", async () => {
  const person = new Person(site, "scan");
  const session = await person.session();
  const enrollment = await beginIn(site.server, session, person.user);
  assert.match(enrollment.uri, /^otpauth:\/\/totp\/Bank:/);
  const wrong = await confirm(site.server, enrollment, "000000");
  assert.equal(wrong.json.ok, false);
  assert.ok(["wrong", "clock", "expired"].some((reason) => JSON.stringify(wrong.json).includes(reason)), wrong.text);
  const right = await confirm(site.server, enrollment, codeOfStep(enrollment.seed, site.step));
  assert.equal(right.json.ok, true);
  assert.equal((await person.method("totp")).status, "active");
});

test("reconfigure keeps the old secret working until the new one is confirmed, at the login too [U3] [L16]", async () => {
  const person = await new Person(site, "new-phone").addApp();
  const session = await person.elevated();
  const begun = await beginIn(site.server, session, person.user, { replaces: person.appId });
  const before = await person.login();
  await assertPassed(before, await before.byApp());
  await site.pass(30);
  const confirmed = await confirm(site.server, begun, codeOfStep(begun.seed, site.step));
  assert.equal(confirmed.json.ok, true, confirmed.text);
  await site.pass(60);
  const login = await person.login();
  assertRefused(await login.answer("totp", { code: codeOfStep(person.seed, site.step) }));
  await assertPassed(login, await login.answer("totp", { code: codeOfStep(begun.seed, site.step) }));
});

test("OTP over email shows the masked address of the back end, sends a code, and is saved by it [U4] [R14a]", async () => {
  const person = await new Person(site, "otp").addApp();
  const session = await person.elevated();
  assert.equal((await person.methods(session)).primary_masked.endsWith("@example.org"), true);
  const before = site.mail.count(person.email);
  const begun = await person.call("POST", "/v1/w/email/begin", session, {});
  assert.equal(begun.status, 200, begun.text);
  assert.notEqual(begun.json.masked, person.email);
  const wrong = await person.call("POST", "/v1/w/email/confirm", session, { pending_id: begun.json.pending_id, code: "0000000" });
  assert.deepEqual([wrong.status, wrong.json.ok, wrong.json.reason], [200, false, "wrong"], "in set-up the reason is told");
  assert.notEqual((await person.method("email", session)).status, "active");
  const letter = await site.mail.next(person.email, before, ({ text }) => /^\d{6}$/m.test(text));
  assert.ok(letter.tls, "sent without TLS");
  assert.equal(/\d{6}/.test(letter.subject), false, "a code stands in the subject");
  assert.match(letter.html, />\d{6}</);
  const code = /^\d{6}$/m.exec(letter.text)[0];
  const saved = await person.call("POST", "/v1/w/email/confirm", session, { pending_id: begun.json.pending_id, code });
  assert.equal(saved.json.ok, true, saved.text);
  assert.equal((await person.method("email", session)).status, "active");
  const resent = await person.call("POST", "/v1/w/email/confirm", session, { pending_id: begun.json.pending_id, code });
  assert.notEqual(resent.json?.ok, true, "a code of a set-up is good once");
});

test("without an address from the back end there is nothing to send to [U4]", async () => {
  const person = await new Person(site, "no-address").addApp();
  const opened = await person.call("POST", "/v1/sessions", site.token, { user: person.user, purpose: "manage", account: "x", issuer: "Bank" });
  const other = new Person(site, "never-had-one");
  const bare = await other.call("POST", "/v1/sessions", site.token, { user: other.user, purpose: "manage", account: "x", issuer: "Bank" });
  assert.equal(opened.status, 201);
  const refused = await other.call("POST", "/v1/w/email/begin", bare.json.token, {});
  assert.deepEqual([refused.status, refused.json.code], [409, "email.no_address"]);
});

test("security questions: a catalog, own ones where the policy says so, and bad answers refused by their place [U7] [R24] [R14a]", async () => {
  const person = await new Person(site, "asked").addApp();
  const session = await person.elevated();
  const { questions, needed, own, catalog } = (await person.call("GET", "/v1/w/questions/catalog", session)).json;
  assert.deepEqual([needed, own, catalog], [3, true, true]);
  assert.ok(questions.length >= 6);
  const save = (list) => person.call("POST", "/v1/w/questions/save", session, { questions: list });
  const good = ["Brambleford", "Mister Tuppence", "the old viaduct"].map((answer, index) => ({ id: questions[index].id, answer }));
  for (const [index, answer] of [[0, "ab"], [1, "123"], [2, person.user], [0, person.email], [1, "!!!"]]) {
    const refused = await save(good.map((one, place) => (place === index ? { ...one, answer } : one)));
    assert.deepEqual([refused.status, refused.json.index], [422, index], `${answer}: ${refused.text}`);
    assert.match(refused.json.code, /^kba\./);
  }
  assert.ok((await save(good.slice(0, 2))).status >= 400, "two are not three");
  assert.ok((await save([good[0], good[0], good[1]])).status >= 400, "one question twice");
  const mixed = await save([good[0], good[1], { text: "Which bench by the river is yours?", answer: "the green one" }]);
  assert.equal(mixed.json.ok, true, mixed.text);
  const { status, questions: count } = await person.method("kba", session);
  assert.deepEqual([status, count], ["active", 3]);
});

test("own questions and the catalog are each refused where the policy is without them [U7]", async () => {
  const person = await new Person(site, "no-own").addApp();
  site.setPolicy((policy) => { policy.kba.own = false; });
  const session = await person.elevated();
  const { questions } = (await person.call("GET", "/v1/w/questions/catalog", session)).json;
  const list = [questions[0], questions[1]].map(({ id }, index) => ({ id, answer: ["Brambleford", "Tuppence"][index] }));
  const refused = await person.call("POST", "/v1/w/questions/save", session,
    { questions: [...list, { text: "Which bench by the river is yours?", answer: "the green one" }] });
  assert.ok(refused.status >= 400, refused.text);
  site.setPolicy(everything);
});

test("the alternate address is confirmed by a code to itself, is not the primary one, and the owner is told [U8] [R23]", async () => {
  const person = await new Person(site, "alternate").addApp();
  const session = await person.elevated();
  const ask = (address) => person.call("POST", "/v1/w/alternate/begin", session, { address });
  for (const [address, code] of [[person.email, "email.same_as_primary"], [person.email.toUpperCase(), "email.same_as_primary"], ["nobody", "email.address_invalid"],
    ["a@b.example\r\nBcc: eve@example.org", "email.address_invalid"]]) {
    const refused = await ask(address);
    assert.deepEqual([refused.status, refused.json.code], [422, code], address);
  }
  const before = site.mail.count(person.email);
  await person.addMail("alternate", session);
  assert.equal((await person.method("alternate_email", session)).status, "active");
  await site.mail.next(person.email, before);
});

test("an alternate address is asked for nothing before its hold is over, and works afterwards; the old one until then [U8] [U3] [R23]", async () => {
  site.setPolicy(forgotPhone("email"));
  const person = await new Person(site, "held").addApp();
  await person.addMail("alternate", await person.elevated());
  assert.deepEqual((await (await person.login()).state()).alternates, [], "held for 24 h");
  await site.pass(24 * 3600 + 5);
  const login = await person.login();
  assert.deepEqual((await login.state()).alternates, ["email"]);
  await assertPassed(login, await login.byMail("alternate_email"));
  // A new address: pending until confirmed, the owner of the old one is told.
  const first = person.otherEmail;
  const before = site.mail.count(first);
  person.otherEmail = `new-${first}`;
  await person.addMail("alternate", await person.elevated());
  await site.mail.next(first, before);
  site.setPolicy(everything);
});

test("the static codes are made, counted, renewed, and warned about below four [U9] [A7]", async () => {
  const person = await new Person(site, "codes").addApp();
  await person.addCodes(await person.elevated());
  const old = person.codes;
  const before = site.mail.count(person.email);
  for (let used = 1; used <= 2; used += 1) {
    const login = await person.login();
    await assertPassed(login, await login.byCode(old[used]));
    assert.equal((await person.method("static_codes")).remaining, 10 - used);
  }
  await site.mail.next(person.email, before);
  await person.addCodes(await person.elevated());
  assert.equal((await person.method("static_codes")).remaining, 10);
  const login = await person.login();
  assertRefused(await login.byCode(old[5]));
  await assertPassed(login, await login.byCode(person.codes[5]));
});

test("each method is removed under step-up, but the last second factor stays, unless the policy lets it go [U1] [R2] [R6]", async () => {
  const person = await new Person(site, "leaving").addApp();
  await person.addQuestions(await person.elevated());
  await person.addCodes(await person.elevated());
  const { credentialId: email } = await person.addMail("email", await person.elevated());
  const plain = await person.session();
  const refused = await person.remove(plain, person.questionsId);
  assert.deepEqual([refused.status, refused.json.code], [403, "auth.step_up_required"]);
  const session = await person.elevated();
  const before = site.mail.count(person.email);
  for (const id of [person.questionsId, person.codesId, email]) {
    const done = await person.remove(session, id);
    assert.equal(done.json?.ok, true, done.text);
  }
  await site.mail.next(person.email, before);
  assert.deepEqual([(await person.remove(session, email)).status, (await person.remove(session, email)).json.code], [404, "method.unknown"]);
  assert.deepEqual((await person.methods(session)).methods.filter(({ status }) => status === "active").map(({ method }) => method), ["totp"]);
  // OTP over email as the only one.
  const alone = new Person(site, "alone");
  const { credentialId } = await alone.addMail("email");
  await site.pass(61);
  const login = await alone.login();
  const passed = await login.byMail("email");
  assert.equal(passed.json.ok, true, passed.text);
  const opened = await alone.session({ elevated_by: login.challenge });
  const last = await alone.remove(opened, credentialId);
  assert.deepEqual([last.status, last.json.code], [409, "method.last"]);
  site.setPolicy((policy) => { policy.allow_none = true; });
  assert.equal((await alone.remove(opened, credentialId)).json?.ok, true);
  site.setPolicy((policy) => { policy.allow_none = false; });
  assert.equal((await (await alone.login()).state()).state, "enrollment_required");
});
