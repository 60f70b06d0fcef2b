// SPDX-License-Identifier: Apache-2.0
// Mail as a weapon: floods, mail while locked, somebody else's address, a code carried elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNotAllowed, assertPassed, assertRefused } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone } from "../menu/site.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba_email", ["kba_email", "email"]), (policy) => {
    policy.login_methods.email = true;
    policy.alternate_hold_hours = 0;
  }));
});
after(() => site.close());

async function withEmail(name) {
  const person = new Person(site, name);
  await person.addMail("email");
  await site.pass(61);
  return person;
}

async function lock(person, login) {
  for (let guess = 0; guess < 5; guess += 1) await login.answer("email", { code: "000000" });
}

test("no mail is sent while the address is locked, in no login and by no resend, and the answer is the usual one [L9] [R23]", async () => {
  const person = await withEmail("locked");
  const first = await person.login();
  await first.mailedCode("email");
  await lock(person, first);
  const before = site.mail.count(person.email);
  await site.pass(61);
  // The pause of 30 s is over by then; the next wrong code begins a longer one.
  const second = await person.login();
  assertRefused(await second.answer("email", { code: "000000" }));
  const third = await person.login();
  const answer = await third.mail("email");
  assert.deepEqual([answer.status, answer.json.ok, answer.json.code], [200, false, "not_accepted"], answer.text);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const letters = (await site.mail.to(person.email)).slice(before);
  assert.equal(letters.filter(({ text }) => /^\d{6,8}$/m.test(text)).length, 0, "a code was sent while locked");
});

test("100 requests for mail at once send one [L9] [R23] [L3]", async () => {
  const person = await withEmail("flooded");
  const before = site.mail.count(person.email);
  const login = await person.login();
  const answers = await Promise.all(Array.from({ length: 100 }, () => login.mail("email")));
  assert.equal(answers.filter(({ json }) => json?.ok === true).length, 1);
  const code = await site.mail.nextCode(person.email, before);
  await assertPassed(login, await login.answer("email", { code }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await site.mail.to(person.email)).slice(before).filter(({ text }) => /^\d{6,8}$/m.test(text)).length, 1);
});

test("the allowance is the address's: another user with the same one, other capitals or a set-up do not add to it [R23] [L9]", async () => {
  const person = await withEmail("shared");
  const twin = new Person(site, "twin");
  twin.email = person.email;
  const login = await person.login();
  assert.equal((await login.mail("email")).json.ok, true);
  for (const address of [person.email, person.email.toUpperCase()]) {
    twin.email = address;
    const begun = await twin.call("POST", "/v1/w/email/begin", await twin.session(), {});
    assert.deepEqual([begun.json?.ok, begun.json?.code], [false, "mail.wait"], `${address}: ${begun.text}`);
  }
});

test("a code of one login, of a set-up or of another person passes no other login [R23] [L14]", async () => {
  const person = await withEmail("bound");
  const other = await withEmail("bound-other");
  const login = await person.login();
  const code = await login.mailedCode("email");
  assertRefused(await (await person.login()).answer("email", { code }));
  assertRefused(await (await other.login()).answer("email", { code }));
  const session = await person.session({ });
  const confirmed = await person.call("POST", "/v1/w/email/confirm", session, { pending_id: "no-such-pending-id", code });
  assert.notEqual(confirmed.json?.ok, true);
  await assertPassed(login, await login.answer("email", { code }));
  assert.notEqual((await (await person.login()).answer("email", { code })).json?.ok, true, "good twice");
});

test("a new code voids the one before it in the same login [R23] [R8]", async () => {
  const person = await withEmail("resent");
  const login = await person.login();
  const first = await login.mailedCode("email");
  await site.pass(61);
  const second = await login.mailedCode("email");
  if (first !== second) assertRefused(await login.answer("email", { code: first }));
  await assertPassed(login, await login.answer("email", { code: second }));
});

test("the questions cannot be left out before the mail, nor another address be named in asking [R24] [R23]", async () => {
  const person = await new Person(site, "skipping").addApp();
  site.setPolicy(forgotPhone("kba_email"));
  await person.addQuestions(await person.elevated());
  await person.addMail("alternate", await person.elevated());
  await site.pass(61);
  const login = await person.login();
  assertNotAllowed(await login.mail("alternate_email"));
  assertNotAllowed(await login.answer("alternate_email", { code: "123456" }));
  const named = await login.call("POST", "/mail", { method: "alternate_email", address: "mallory@evil.example" });
  assert.equal(named.status, 400, named.text);
  assert.equal(site.mail.count("mallory@evil.example"), 0);
});

test("an alternate address changes under step-up alone, is told to the old one, and waits its hold [R23] [R2]", async () => {
  const person = await new Person(site, "hijacked").addApp();
  site.setPolicy(all(forgotPhone("email"), (policy) => { policy.alternate_hold_hours = 24; }));
  const old = person.otherEmail;
  await person.addMail("alternate", await person.elevated());
  await site.pass(24 * 3600 + 1);
  const session = await person.session();
  const refused = await person.call("POST", "/v1/w/alternate/begin", session, { address: "mallory@evil.example" });
  assert.deepEqual([refused.status, refused.json.code], [403, "auth.step_up_required"]);
  const before = site.mail.count(old);
  await person.addMail("alternate", await person.elevated(), "mallory@evil.example");
  await site.mail.next(old, before);
  const mallory = site.mail.count("mallory@evil.example");
  const login = await person.login();
  if ((await login.state()).alternates.includes("email")) await login.mail("alternate_email");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const codes = (await site.mail.to("mallory@evil.example")).slice(mallory).filter(({ text }) => /^\d{6,8}$/m.test(text));
  assert.equal(codes.length, 0, "the new address works before its hold is over");
});

test("an address cannot carry a second recipient, a header or HTML into a mail [R23] [R10]", async () => {
  const person = await new Person(site, "injected").addApp();
  const session = await person.elevated();
  for (const address of ["a@b.example,eve@evil.example", "a@b.example>\r\nRCPT TO:<eve@evil.example", "\"<b>\"@b.example", "a@b.example\u0000", "a@[127.0.0.1]", `${"a".repeat(300)}@b.example`]) {
    const begun = await person.call("POST", "/v1/w/alternate/begin", session, { address });
    assert.ok([400, 422].includes(begun.status), `${JSON.stringify(address)}: ${begun.text}`);
  }
  const opened = await person.askSession({ issuer: "Bank\r\nBcc: eve@evil.example" });
  assert.equal(opened.status, 400, opened.text);
  assert.equal(site.mail.count("eve@evil.example"), 0);
});

test("a login that names no first factor is told of no address, and its code still comes [R5] [R23]", async () => {
  const person = await withEmail("identifier-first");
  const login = await person.login({ first_factor: null });
  const state = await login.state();
  assert.deepEqual([state.accepts, state.email], [["email"], undefined]);
  const before = site.mail.count(person.email);
  const sent = await login.mail("email");
  assert.deepEqual([sent.json.ok, sent.json.masked], [true, "••••"], sent.text);
  await assertPassed(login, await login.answer("email", { code: await site.mail.nextCode(person.email, before) }));
  assert.match((await (await person.login()).state()).email.masked, /^i••••@example\.org$/);
});
