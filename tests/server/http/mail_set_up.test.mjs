// SPDX-License-Identifier: Apache-2.0
// A user's addresses: the primary one as a second factor, an alternate one for Forgot Phone, and their end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { methods, methodsOf } from "./enroll.mjs";
import { MailSite } from "./mail_site.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";

let site;

before(async () => {
  site = await MailSite.open((policy) => {
    policy.login_methods.email = true;
    policy.forgot_phone = { enabled: true, alternate: "kba_email", user_choice: true, offered: ["kba_email", "email"] };
  });
});
after(() => site.close());

const refusalOf = ({ status, json }) => [status, json.code];
const entry = ({ methods: list }, method) => list.find((each) => each.method === method);

test("the primary address becomes a second factor by the code that was mailed there, and its owner is told [U4] [R23]", async () => {
  const session = await site.session("ana");
  const before = await methods(site.server, session);
  assert.equal(entry(before, "email").status, "not_configured");
  assert.equal(before.primary_masked, "a••••@example.org");
  assert.equal(before.require_setup, false);
  const begun = await site.post(session, "email/begin");
  assert.equal(begun.status, 200, begun.text);
  assert.deepEqual([begun.json.ok, begun.json.masked, begun.json.resend_after, begun.json.code_digits], [true, "a••••@example.org", 60, 6]);
  const code = await site.code("ana@example.org");
  const wrong = await site.post(session, "email/confirm", { pending_id: begun.json.pending_id, code: code === "000000" ? "000001" : "000000" });
  assert.deepEqual(wrong.json, { ok: false, code: "not_accepted", reason: "wrong", retry_after: 0 });
  const slip = await site.post(session, "email/confirm", { pending_id: begun.json.pending_id, code: "12x" });
  assert.equal(slip.json.reason, "wrong");
  const right = await site.post(session, "email/confirm", { pending_id: begun.json.pending_id, code: `${code.slice(0, 3)} ${code.slice(3)}` });
  assert.deepEqual(right.json, { ok: true, credential_id: begun.json.pending_id });
  const again = await site.post(session, "email/confirm", { pending_id: begun.json.pending_id, code });
  assert.deepEqual(refusalOf(again), [404, "enrollment.pending_unknown"]);
  const shown = entry(await methods(site.server, session), "email");
  assert.deepEqual([shown.status, shown.masked, shown.credential_id], ["active", "a••••@example.org", begun.json.pending_id]);
  assert.equal((await methodsOf(site.server, site.token, "ana")).find(({ method }) => method === "email").status, "active");
  const notice = await site.letter("ana@example.org", /was added at Harbor Bank/);
  assert.match(notice.text, /sign-in by a code that is mailed to you was set up/);
  assert.match(notice.text, /If it was not you/);
});

test("a code of one session or of one address opens no other's set-up [R8] [L14]", async () => {
  const one = await site.session("mona");
  const other = await site.session("nora");
  const begun = (await site.post(one, "email/begin")).json;
  const foreign = (await site.post(other, "email/begin")).json;
  const code = await site.code("mona@example.org");
  assert.deepEqual(refusalOf(await site.post(other, "email/confirm", { pending_id: begun.pending_id, code })), [404, "enrollment.pending_unknown"]);
  assert.equal((await site.post(other, "email/confirm", { pending_id: foreign.pending_id, code })).json.ok, false);
  assert.deepEqual(refusalOf(await site.post(one, "alternate/confirm", { pending_id: begun.pending_id, code })), [404, "enrollment.pending_unknown"]);
  assert.equal((await site.post(one, "email/confirm", { pending_id: begun.pending_id, code })).json.ok, true);
});

test("a resend within a minute is put off, later it replaces the code, and the pending id stays [R23]", async () => {
  const session = await site.session("rae");
  const begun = (await site.post(session, "email/begin")).json;
  const first = await site.code("rae@example.org");
  const early = await site.post(session, "email/begin");
  assert.equal(early.status, 200);
  assert.deepEqual([early.json.ok, early.json.code, early.json.pending_id], [false, "mail.wait", begun.pending_id]);
  assert.ok(early.json.retry_after > 50 && early.json.retry_after <= 60);
  site.passMinute();
  const later = (await site.post(session, "email/begin")).json;
  assert.deepEqual([later.ok, later.pending_id], [true, begun.pending_id]);
  const second = await site.code("rae@example.org", first);
  assert.equal((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code: first })).json.reason, "wrong");
  assert.equal((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code: second })).json.ok, true);
});

test("an address gets 5 mails an hour, whoever asks and however it is spelled [R23] [L9]", async () => {
  for (let i = 0; i < 5; ++i) {
    const session = await site.session(`flood${i}`, i % 2 ? "Victim@Example.org" : "victim@example.ORG");
    assert.equal((await site.post(session, "email/begin")).json.ok, true);
    site.passMinute();
  }
  const refused = (await site.post(await site.session("flood5", "victim@example.org"), "email/begin")).json;
  assert.deepEqual([refused.ok, refused.code, refused.pending_id], [false, "mail.wait", undefined]);
  assert.ok(refused.retry_after > 3000, String(refused.retry_after));
});

test("five wrong codes pause the set-up, and no mail goes out while it is paused [L9] [R13]", async () => {
  const session = await site.session("paula");
  const begun = (await site.post(session, "email/begin")).json;
  const code = await site.code("paula@example.org");
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  const answers = [];
  for (let i = 0; i < 5; ++i) answers.push((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code: wrong })).json);
  assert.deepEqual(answers.map(({ reason }) => reason), Array(5).fill("wrong"));
  assert.ok(answers[4].retry_after >= 29);
  const paused = (await site.post(session, "email/confirm", { pending_id: begun.pending_id, code })).json;
  assert.deepEqual([paused.ok, paused.reason], [false, "wait"]);
  site.passMinute();
  const resend = (await site.post(session, "email/begin")).json;
  assert.deepEqual([resend.ok, resend.code], [false, "mail.wait"]);
  site.changeStore("UPDATE credential SET not_before = 0 WHERE user = 'paula'");
  assert.equal((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code })).json.reason, "expired", "its five tries are used up");
});

test("an alternate needs a second factor and a step-up, is another address than the primary, and is held [U8] [R2] [R23]", async () => {
  const bare = await site.session("bare");
  assert.deepEqual(refusalOf(await site.post(bare, "alternate/begin", { address: "bare2@example.org" })), [409, "method.none"]);
  const { session } = await site.elevated("alma");
  for (const address of ["alma@example.org", "ALMA@example.org", "alma@EXAMPLE.org"]) {
    assert.deepEqual(refusalOf(await site.post(session, "alternate/begin", { address })), [422, "email.same_as_primary"], address);
  }
  for (const address of ["alma", "a b@example.org", "alma@example.org\r\nBcc: eve@example.org", "älma@example.org", ""]) {
    assert.deepEqual(refusalOf(await site.post(session, "alternate/begin", { address })), [422, "email.address_invalid"], address);
  }
  const plain = await site.session("alma");
  assert.deepEqual(refusalOf(await site.post(plain, "alternate/begin", { address: "alma@home.example" })), [403, "auth.step_up_required"]);
  await site.setAlternate(session, "alma@home.example");
  const shown = entry(await methods(site.server, session), "alternate_email");
  assert.deepEqual([shown.status, shown.masked], ["active", "a••••@home.example"]);
  assert.ok(Math.abs(shown.usable_from - Date.now() / 1000 - 24 * 3600) < 60, "held for a day");
  await site.letter("alma@example.org", /was added at Harbor Bank/);
});

test("a new alternate takes the old one's place when it is confirmed, and the old address is told [U8] [R23]", async () => {
  const { session } = await site.elevated("olga");
  await site.setAlternate(session, "olga@old.example");
  const old = entry(await methods(site.server, session), "alternate_email");
  const begun = (await site.post(session, "alternate/begin", { address: "olga@new.example" })).json;
  assert.equal(begun.ok, true);
  const standing = (await methods(site.server, session)).methods.filter(({ method }) => method === "alternate_email");
  assert.deepEqual(standing.map(({ status, masked }) => [status, masked]), [["active", "o••••@old.example"], ["pending", "o••••@new.example"]]);
  const confirmed = await site.post(session, "alternate/confirm", { pending_id: begun.pending_id, code: await site.code("olga@new.example") });
  assert.equal(confirmed.json.ok, true);
  const after = (await methods(site.server, session)).methods.filter(({ method }) => method === "alternate_email");
  assert.deepEqual(after.map(({ status, masked }) => [status, masked]), [["active", "o••••@new.example"]]);
  assert.notEqual(after[0].credential_id, old.credential_id);
  for (const address of ["olga@old.example", "olga@example.org", "olga@new.example"]) {
    const notice = await site.letter(address, /alternate email address at Harbor Bank was changed/);
    assert.match(notice.text, /can be used to get back in from \d+ \w+ \d{4}, \d\d:\d\d UTC on/);
  }
});

test("a user picks among the alternates that are ticked, and no other [U10] [A5]", async () => {
  const { session } = await site.elevated("carla");
  assert.deepEqual((await methods(site.server, session)).alternates, { offered: ["kba_email", "email"], chosen: ["kba_email"], user_choice: true });
  assert.deepEqual((await site.post(session, "alternate/choose", { alternates: ["email"] })).json, { ok: true });
  assert.deepEqual((await methods(site.server, session)).alternates.chosen, ["email"]);
  assert.deepEqual(refusalOf(await site.post(session, "alternate/choose", { alternates: ["kba"] })), [409, "policy.not_allowed"]);
  assert.deepEqual(refusalOf(await site.post(session, "alternate/choose", { alternates: [] })), [400, "request.field_invalid"]);
  assert.deepEqual(refusalOf(await site.post(session, "alternate/choose", { alternates: ["sms"] })), [400, "request.field_invalid"]);
  const plain = await site.session("carla");
  assert.deepEqual(refusalOf(await site.post(plain, "alternate/choose", { alternates: ["email"] })), [403, "auth.step_up_required"]);
});

test("who has no second factor picks no alternate, and what is picked already leaves no record [R2] [R9c] [U10]", async () => {
  const first = await site.session("dora");
  assert.deepEqual(refusalOf(await site.post(first, "alternate/choose", { alternates: ["email"] })), [409, "method.none"]);
  assert.equal(site.storeRows("audit", "dora").length, 0);
  const { session } = await site.elevated("dora");
  assert.deepEqual((await methods(site.server, session)).alternates.chosen, ["kba_email"]);
  for (const alternates of [["email"], ["email"], ["kba_email"], ["kba_email", "email"], ["email", "kba_email"]]) {
    assert.deepEqual((await site.post(session, "alternate/choose", { alternates })).json, { ok: true });
  }
  const records = site.storeRows("audit", "dora").filter(({ event }) => event === "alternates.chosen");
  assert.deepEqual(records.map(({ detail }) => detail).sort(), ["email", "kba_email", "kba_email,email"]);  // of one second: in no order
});

test("a method is removed under step-up, the last second factor only where the policy says so, and its owner is told [R6] [R2]", async () => {
  const { session } = await site.elevated("rosa");
  await site.setAlternate(session, "rosa@home.example");
  const { credential_id: alternate } = entry(await methods(site.server, session), "alternate_email");
  const plain = await site.session("rosa");
  assert.deepEqual(refusalOf(await site.post(plain, "methods/remove", { credential_id: alternate })), [403, "auth.step_up_required"]);
  assert.deepEqual((await site.post(session, "methods/remove", { credential_id: alternate })).json, { ok: true });
  assert.deepEqual(refusalOf(await site.post(session, "methods/remove", { credential_id: alternate })), [404, "method.unknown"]);
  const { credential_id: totp } = entry(await methods(site.server, session), "totp");
  assert.deepEqual(refusalOf(await site.post(session, "methods/remove", { credential_id: totp })), [404, "method.unknown"]);
  for (const address of ["rosa@example.org"]) await site.letter(address, /was removed at Harbor Bank/);

  const alone = await site.session("emil");
  const begun = (await site.post(alone, "email/begin")).json;
  await site.post(alone, "email/confirm", { pending_id: begun.pending_id, code: await site.code("emil@example.org") });
  site.changeStore("UPDATE session SET elevated_until = expires_at WHERE user = 'emil' AND expires_at < unixepoch() + 600");
  site.changeStore("UPDATE session SET elevated_until = unixepoch() + 300 WHERE user = 'emil'");
  assert.deepEqual(refusalOf(await site.post(alone, "methods/remove", { credential_id: begun.pending_id })), [409, "method.last"]);
  site.setPolicy((policy) => { policy.allow_none = true; });
  assert.deepEqual((await site.post(alone, "methods/remove", { credential_id: begun.pending_id })).json, { ok: true });
  site.setPolicy((policy) => { policy.allow_none = false; });
});

test("without a primary address, or where the policy has none of it, nothing is begun [A12] [A1]", async () => {
  const unknown = await site.session("nemo", null);
  assert.deepEqual(refusalOf(await site.post(unknown, "email/begin")), [409, "email.no_address"]);
  const { session } = await site.elevated("una");
  site.setPolicy((policy) => { policy.login_methods.email = false; policy.forgot_phone.enabled = false; });
  assert.deepEqual(refusalOf(await site.post(session, "email/begin")), [409, "policy.not_allowed"]);
  assert.deepEqual(refusalOf(await site.post(session, "alternate/begin", { address: "una@home.example" })), [409, "policy.not_allowed"]);
  const told = await methods(site.server, session);
  assert.deepEqual([entry(told, "email"), entry(told, "alternate_email"), told.alternates], [undefined, undefined, undefined]);
  site.setPolicy((policy) => { policy.login_methods.email = true; policy.forgot_phone.enabled = true; });
});

test("a server without a mail server offers nothing that needs mail", async () => {
  const plain = new Site();
  const token = plain.createAppKey().token;
  const { policy } = plain.must(["policy", "get", "--data", plain.data]);
  policy.login_methods.email = true;
  plain.must(["policy", "set", "--data", plain.data, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
  const server = await RunningServer.start(plain);
  try {
    const opened = await server.call("POST", "/v1/sessions", { token, json: { user: "ana", purpose: "manage", account: "ana", issuer: "Bank", email: "ana@example.org" } });
    const session = opened.json.token;
    assert.deepEqual(refusalOf(await server.call("POST", "/v1/w/email/begin", { token: session, json: {} })), [409, "mail.not_configured"]);
    assert.equal(entry(await methods(server, session), "email"), undefined);
  } finally {
    await server.stop();
    plain.remove();
  }
});
