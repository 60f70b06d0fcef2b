// SPDX-License-Identifier: Apache-2.0
// Mailed codes at a login: as the second factor, and to the alternate address of Forgot Phone.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { MailSite } from "./mail_site.mjs";

let site;

before(async () => {
  site = await MailSite.open((policy) => {
    policy.login_methods.email = true;
    policy.forgot_phone = { enabled: true, alternate: "email", user_choice: false, offered: ["kba_email"] };
    policy.alternate_hold_hours = 0;
  });
});
after(() => site.close());

const refusalOf = ({ status, json }) => [status, json.code];
const attempt = () => randomBytes(16).toString("hex");
const otherThan = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

async function challenge(user, { email = `${user}@example.org` } = {}) {
  const opened = await site.server.call("POST", "/v1/sessions", { token: site.token, json: { user, purpose: "challenge", receipt_purpose: "login",
    account: user, issuer: "Harbor Bank", email, first_factor: { method: "password", at: Math.floor(Date.now() / 1000) } } });
  assert.equal(opened.status, 201, opened.text);
  return opened.json.token;
}
const mail = (session, method = "email") => site.post(session, "challenge/mail", { method });
const answer = (session, code, method = "email", id = attempt()) => site.post(session, "challenge/answer", { attempt_id: id, method, code });
const show = async (session) => (await site.server.call("GET", "/v1/w/challenge", { token: session })).json;

/** A user whose second factor is his email. */
async function userWithEmail(user) {
  const session = await site.session(user);
  const begun = (await site.post(session, "email/begin")).json;
  const code = await site.code(`${user}@example.org`);
  assert.equal((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code })).json.ok, true);
  site.passMinute();
  return code;
}

test("a code that is mailed passes the login it was asked for, once [U11] [A12] [R23]", async () => {
  const setUp = await userWithEmail("ana");
  const session = await challenge("ana");
  assert.deepEqual((await show(session)).accepts, ["email"]);
  assert.equal((await answer(session, setUp)).json.ok, false, "the code of the set-up is no login [L6]");
  const sent = await mail(session);
  assert.deepEqual([sent.json.ok, sent.json.masked, sent.json.resend_after], [true, "a••••@example.org", 60], sent.text);
  const code = await site.code("ana@example.org", setUp);
  const other = await challenge("ana");
  assert.equal((await answer(other, code)).json.ok, false, "bound to its own challenge [L14]");
  const id = attempt();
  const passed = await answer(session, code, "email", id);
  assert.deepEqual([passed.json.ok, passed.json.state], [true, "passed"], passed.text);
  assert.equal((await answer(session, code, "email", id)).json.ok, true, "the same attempt again costs nothing [R4]");
  assert.deepEqual(refusalOf(await answer(session, code)), [409, "challenge.not_allowed"]);
});

test("wrong codes count on the address, lock it, and no mail goes out while it is locked; a resend resets nothing [L8] [L9] [R13]", async () => {
  const setUp = await userWithEmail("berta");
  const first = await challenge("berta");
  await mail(first);
  const code = await site.code("berta@example.org", setUp);
  for (let i = 0; i < 3; ++i) assert.equal((await answer(first, otherThan(code))).json.ok, false);
  site.passMinute();
  const second = await challenge("berta");
  assert.equal((await mail(second)).json.ok, true);
  const newer = await site.code("berta@example.org", code);
  assert.equal((await answer(second, otherThan(newer))).json.retry_after, 0, "the fourth");
  const fifth = await answer(second, otherThan(newer));
  assert.ok(fifth.json.retry_after >= 29, "the fifth, whichever login it came in");
  assert.equal((await show(second)).state, "ended", "the lock ends the login [L11]");
  site.passMinute();
  const before = (await site.letters("berta@example.org")).filter(({ subject }) => /^Your code/.test(subject)).length;
  const third = await challenge("berta");
  const refused = await mail(third);
  assert.deepEqual([refused.status, refused.json.ok, refused.json.code], [200, false, "not_accepted"]);
  assert.equal((await answer(first, code)).json.ok, false, "nor does a right one help");
  await site.letter("berta@example.org", /^Wrong codes for your account/);
  assert.equal((await site.letters("berta@example.org")).filter(({ subject }) => /^Your code/.test(subject)).length, before);
});

test("a code has the tries that the policy gives it, and its life [R23]", async () => {
  site.setPolicy((policy) => { policy.email_codes.tries = 2; });
  const setUp = await userWithEmail("cora");
  const session = await challenge("cora");
  await mail(session);
  const code = await site.code("cora@example.org", setUp);
  await answer(session, otherThan(code));
  await answer(session, otherThan(code));
  assert.equal((await answer(session, code)).json.ok, false, "its two tries are used up");
  site.passMinute();
  await mail(session);
  const second = await site.code("cora@example.org", code);
  site.changeStore("UPDATE mail_code SET expires_at = unixepoch() - 1 WHERE user = 'cora'");
  assert.equal((await answer(session, second)).json.ok, false, "expired");
  site.setPolicy((policy) => { policy.email_codes.tries = 5; });
});

test("the second factor stays the address that was confirmed, whatever the back end names later [R23] [U11]", async () => {
  const setUp = await userWithEmail("dora");
  const session = await challenge("dora", { email: "stranger@example.net" });
  const sent = await mail(session);
  assert.equal(sent.json.masked, "d••••@example.org");
  const code = await site.code("dora@example.org", setUp);
  assert.equal((await answer(session, code)).json.ok, true);
  assert.deepEqual((await site.letters("stranger@example.net")).filter(({ subject }) => /^Your code/.test(subject)), []);
});

test("a code to the alternate address stands in for the phone, and the primary address is told [A4] [U6] [R23]", async () => {
  const { session: manage } = await site.elevated("elsa");
  await site.setAlternate(manage, "elsa@home.example");
  const confirming = await site.code("elsa@home.example");
  site.passMinute();
  const session = await challenge("elsa");
  const sent = await mail(session, "alternate_email");
  assert.deepEqual([sent.json.ok, sent.json.masked], [true, "e••••@home.example"], sent.text);
  const passed = await answer(session, await site.code("elsa@home.example", confirming), "alternate_email");
  assert.deepEqual([passed.json.ok, passed.json.state], [true, "passed"], passed.text);
  for (const address of ["elsa@example.org", "elsa@home.example"]) {
    const letter = await site.letter(address, /signed in at Harbor Bank without your phone/);
    assert.match(letter.text, /passed by an alternate email address/);
  }
});

test("an address on hold is no way in, and gets no code [R23]", async () => {
  site.setPolicy((policy) => { policy.alternate_hold_hours = 24; });
  const { session: manage } = await site.elevated("frida");
  await site.setAlternate(manage, "frida@home.example");
  site.setPolicy((policy) => { policy.alternate_hold_hours = 0; });
  site.passMinute();
  const session = await challenge("frida");
  assert.ok(!(await show(session)).accepts.includes("alternate_email"));
  assert.deepEqual(refusalOf(await mail(session, "alternate_email")), [409, "challenge.not_allowed"]);
});

test("an alternate that the back end has made the primary address since gets no code [R23]", async () => {
  const { session: manage } = await site.elevated("greta");
  await site.setAlternate(manage, "greta@home.example");
  site.passMinute();
  const session = await challenge("greta", { email: "Greta@home.example" });
  const { json } = await mail(session, "alternate_email");
  assert.deepEqual([json.ok, json.code], [false, "not_accepted"]);
});
