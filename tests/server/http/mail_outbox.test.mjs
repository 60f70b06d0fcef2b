// SPDX-License-Identifier: Apache-2.0
// Mail on its way: while the mail server is down, when it refuses, when ours is killed; and what never leaves it in clear.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { codeOfStep, stepNow, wrongCode } from "./totp.mjs";
import { MailSite, until } from "./mail_site.mjs";

let site;

before(async () => {
  site = await MailSite.open((policy) => {
    policy.login_methods.email = true;
    policy.email_codes.digits = 8;  // eight digits stand nowhere by chance
    policy.forgot_phone = { enabled: true, alternate: "email", user_choice: false, offered: ["kba_email"] };
  });
});
after(() => site.close());

const outbox = (user) => site.storeRows("outbox", user);
const metric = async (name) => {
  const { port } = JSON.parse(site.server.log.find((line) => line.includes('"server.operator_listening"')));
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)[1]);
};
const hurry = () => site.changeStore("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'");

/** The files of the store and the lines of the log that have the text. */
const leaks = (text, files = site.storeFiles()) => [
  ...files.filter(([, bytes]) => bytes.includes(text)).map(([name]) => name),
  ...site.server.log.filter((line) => line.includes(text)),
];

test("mail waits while the mail server is down, sealed, and goes out when it is back [R23] [U4]", async () => {
  await site.mail.stop();
  const session = await site.session("wanda");
  const begun = (await site.post(session, "email/begin")).json;
  assert.equal(begun.ok, true, "the page is not kept waiting by a mail server");
  await until(() => outbox("wanda")[0]?.attempts > 0, "a first try");
  const [row] = outbox("wanda");
  assert.deepEqual([row.kind, row.state, row.reply_code], ["code", "waiting", 0]);
  assert.ok(row.next_at >= row.created_at + 5, "not at once again");
  assert.ok(await metric("countersign_outbox_waiting") >= 1);
  await site.mail.start();
  hurry();
  const code = await site.code("wanda@example.org");
  await until(() => outbox("wanda").length === 0, "the row to be erased");
  assert.equal((await site.post(session, "email/confirm", { pending_id: begun.pending_id, code })).json.ok, true);
  assert.equal(site.mail.mails().findLast(({ to }) => to[0] === "wanda@example.org").tls, true);
});

test("neither codes nor addresses stand in the store, its log or ours in clear [R23] [R20]", async () => {
  await site.mail.stop();
  const session = await site.session("clara", "clara.secret@example.org");
  await site.post(session, "email/begin");
  await until(() => outbox("clara")[0]?.attempts > 0, "a first try");
  const whileWaiting = site.storeFiles();
  await site.mail.start();
  hurry();
  const code = await site.code("clara.secret@example.org");
  await until(() => outbox("clara").length === 0, "the row to be erased");
  assert.equal(code.length, 8);
  for (const text of [code, "clara.secret"]) assert.deepEqual([leaks(text, whileWaiting), leaks(text)], [[], []], text);
  assert.ok(leaks("mail.sent").length > 0 && leaks("clara").length > 0, "the search finds what is there");
});

test("a mail that was put to another user does not open there, and is given up [R20]", async () => {
  await site.mail.stop();
  await site.post(await site.session("moved"), "email/begin");
  await until(() => outbox("moved")[0]?.attempts > 0, "a first try");
  site.changeStore("UPDATE outbox SET user = 'thief', next_at = 0 WHERE user = 'moved'");
  await site.mail.start();
  const dead = await until(() => outbox("thief").find(({ state }) => state === "dead"), "a dead letter");
  assert.equal(dead.sealed, null);
  assert.deepEqual(await site.letters("moved@example.org"), []);
});

test("a mail that is refused for good becomes a dead letter without content, one put off is tried again [R23]", async () => {
  await site.post(await site.session("nora", "never@example.org"), "email/begin");
  const dead = await until(() => outbox("nora").find(({ state }) => state === "dead"), "a dead letter");
  assert.deepEqual([dead.kind, dead.reply_code, dead.sealed, dead.detail, dead.attempts], ["code", 550, null, "", 1]);
  await site.post(await site.session("lara", "later@example.org"), "email/begin");
  const waiting = await until(() => outbox("lara").find(({ attempts }) => attempts === 1), "a first try");
  assert.deepEqual([waiting.state, waiting.reply_code], ["waiting", 451]);
  hurry();
  const second = await until(() => outbox("lara").find(({ attempts }) => attempts === 2), "a second try");
  assert.ok(second.next_at >= Math.floor(Date.now() / 1000) + 8, "twice as long");
  assert.ok(await metric("countersign_outbox_dead") >= 1);
  site.changeStore("UPDATE outbox SET expires_at = 1, next_at = 0 WHERE user = 'lara'");
  await until(() => outbox("lara").length === 0, "the expired code to be dropped");
});

test("a server that was killed sends what waited once it runs again, with the Message-ID it had [R23] [R18]", async () => {
  await site.mail.stop();
  await site.post(await site.session("kira"), "email/begin");
  const [{ mail }] = await until(() => outbox("kira").length && outbox("kira"), "the row");
  site.changeStore(`UPDATE outbox SET leased_until = ${Math.floor(Date.now() / 1000) + 50}, next_at = 0 WHERE user = 'kira'`);  // as if killed midway
  await site.server.kill();
  await site.mail.start();
  await site.restart();
  const letter = await site.letter("kira@example.org", /^Your code/);
  assert.equal(letter.messageId, `<${mail}@bank.example>`);
  await until(() => outbox("kira").length === 0, "the row to be erased");
  assert.equal((await site.letters("kira@example.org")).length, 1);
});

test("a server that has to stop does not wait for a mail server that says nothing [R23]", async () => {
  const { createServer } = await import("node:net");
  const mute = createServer(() => {});
  await new Promise((resolve) => mute.listen(0, "127.0.0.2", resolve));
  const flags = [...site.mailFlags];
  flags[1] = `smtp://127.0.0.2:${mute.address().port}`;
  await site.server.stop();
  const kept = site.mailFlags;
  site.mailFlags = flags;
  await site.restart();
  await site.post(await site.session("mute"), "email/begin");
  await until(() => outbox("mute")[0]?.leased_until > 0, "the mail to be taken up");
  const from = Date.now();
  assert.deepEqual(await site.server.stop(), { code: 0, signal: null });
  assert.ok(Date.now() - from < 10_000, `${Date.now() - from} ms`);
  assert.deepEqual(outbox("mute").map(({ attempts, leased_until: until }) => [attempts, until]), [[0, 0]], "not counted as a try");
  mute.close();
  site.mailFlags = kept;
  await site.restart();
  await site.letter("mute@example.org", /^Your code/);
});

test("the owner is told of a pause once an hour, of a used step that comes again, and at all of his addresses [R13] [R9d] [L17]", async () => {
  const { enrollment, session } = await site.elevated("tilda");
  await site.setAlternate(session, "tilda@home.example");
  const verify = (code) => site.server.verify(site.token, "tilda", code);
  const used = codeOfStep(enrollment.seed, enrollment.step + 1);
  for (let i = 0; i < 3; ++i) assert.equal((await verify(used)).json.ok, false);
  for (const address of ["tilda@example.org", "tilda@home.example"]) {
    const letter = await site.letter(address, /used code was tried again at Harbor Bank/);
    assert.match(letter.text, /an authenticator app that had been used already was tried again/);
  }
  const wrong = wrongCode(enrollment.seed, stepNow());
  for (let i = 0; i < 5; ++i) await verify(wrong);
  await site.letter("tilda@home.example", /^Wrong codes for your account/);
  site.changeStore("UPDATE credential SET not_before = 0 WHERE user = 'tilda'");
  await verify(wrong);
  assert.ok(site.storeRows("audit", "tilda").filter(({ event }) => event === "credential.locked").length >= 2);
  await until(() => outbox("tilda").length === 0, "the outbox to be empty");
  const subjects = (await site.letters("tilda@example.org")).map(({ subject }) => subject);
  assert.equal(subjects.filter((subject) => /^Wrong codes/.test(subject)).length, 1);
  assert.equal(subjects.filter((subject) => /used code/.test(subject)).length, 1);
});
