// SPDX-License-Identifier: Apache-2.0
// What somebody who is let in a part of the way can use up: mail, sessions, rows, processors.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertPassed } from "../menu/login.mjs";
import { Person, answers } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba", ["kba", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
});
after(() => site.close());

const beginAlternate = (person, session, address) => person.call("POST", "/v1/w/alternate/begin", session, { address });

test("a user cannot have codes mailed to one stranger after the other [R23] [L9]", async () => {
  const mallory = await new Person(site, "mailing").addApp();
  const session = await mallory.elevated();
  const sent = [];
  for (let i = 0; i < 8; i += 1) sent.push((await beginAlternate(mallory, session, `stranger-${i}@home.example`)).json);
  assert.deepEqual(sent.map(({ ok }) => ok), [true, true, true, true, true, false, false, false]);
  assert.equal(sent[7].code, "mail.wait");
  assert.ok(sent[7].retry_after > 3500, `in an hour: ${sent[7].retry_after}`);
  // Nor by another session of hers.
  assert.equal((await beginAlternate(mallory, await mallory.elevated(), "stranger-9@home.example")).json?.ok, false);
});

test("another user's set-ups do not use up the mail of an address that somebody signs in by [R23] [L10] [L12]", async () => {
  const victim = new Person(site, "reachable");
  await victim.addMail("email");
  await site.pass(3601);
  for (let i = 0; i < 5; i += 1) {
    const mallory = await new Person(site, "squatter").addApp();
    await beginAlternate(mallory, await mallory.elevated(), victim.email);
    await site.pass(61);
  }
  const login = await victim.login();
  await assertPassed(login, await login.byMail("email"));
});

test("logins that somebody with the password begins end no session of the owner's that stands [L10]", async () => {
  const victim = await new Person(site, "busy").addApp();
  const session = await victim.elevated();
  for (let i = 0; i < 20; i += 1) await victim.login();
  assert.equal((await victim.call("GET", "/v1/w/methods", session)).status, 200);
});

test("attempts that cost nothing end their login at last, so that their outcomes cannot fill the disk [R4] [R14b]", async () => {
  const person = await new Person(site, "scribbler").addApp();
  const login = await person.login();
  for (let i = 0; i < 70; i += 1) await login.answer("totp", { code: "12345" });
  assert.equal((await login.state()).state, "ended");
  assert.ok(site.storeRows("challenge_attempt", person.user).length <= 64);
  const next = await person.login();
  await assertPassed(next, await next.byApp());
});

test("sets of answers sent at once are stretched two at a time, and leave room for others' codes [R9b] [L21]", async () => {
  const person = await new Person(site, "crowd").addApp();
  const session = await person.elevated();
  const { questions } = (await person.call("GET", "/v1/w/questions/catalog", session)).json;
  const body = { questions: questions.slice(0, 3).map(({ id }, index) => ({ id, answer: answers[index] })) };
  const saves = await Promise.all(Array.from({ length: 12 }, () => person.call("POST", "/v1/w/questions/save", session, body)));
  const busy = saves.filter(({ status }) => status === 429).length;
  assert.ok(busy >= 8, `${busy} of 12 were told to wait`);
});

test("one change made over and over is told 10 times an hour, and hides no other [R23] [L9]", async () => {
  const person = await new Person(site, "restless").addApp();
  const session = await person.elevated();
  const before = site.mail.count(person.email);
  const codes = (turn) => Array.from({ length: 10 }, (_, index) => Buffer.alloc(32, `${turn}.${index}`).toString("base64url"));
  for (let turn = 0; turn < 30; turn += 1) {
    const replaced = await person.call("POST", "/v1/w/codes/replace", session, { stretched: codes(turn) });
    assert.equal(replaced.json?.ok, true, replaced.text);
  }
  const deadline = Date.now() + 10_000;
  while (site.must(["outbox", "list", "--data", site.data]).mails.length > 0) assert.ok(Date.now() < deadline, "mail waits");
  const sent = (await site.mail.to(person.email)).filter(({ text }) => /set of security codes/.test(text)).length;
  assert.ok(sent >= 5 && sent <= 10, `${sent} notices of codes`);
  await person.addQuestions(await person.elevated());
  await site.mail.notice(person.email, /security questions/, before);
  await site.pass(3601);
  const last = site.mail.count(person.email);
  await person.addCodes(await person.elevated());
  await site.mail.next(person.email, last);
});

/** Sends one after another until it is told to wait. @returns how many were carried out */
async function untilToldToWait(send) {
  for (let done = 0; done < 1000; done += 1) {
    const { status, json, text } = await send(done);
    if (status === 429) {
      assert.deepEqual([json.code, json.retry_after >= 1 && json.retry_after <= 2], ["admission.busy", true], text);
      return done;
    }
    assert.equal(status, 200, text);
  }
  throw new Error("never told to wait");
}

test("codes without a code's form, which cost nothing, do not keep their user's places taken for long [R9b] [R14b] [L8]", async () => {
  const person = await new Person(site, "locked-out").addApp();
  const stolen = await person.session();
  const tries = await untilToldToWait(() => person.call("POST", "/v1/w/elevate", stolen, { method: "totp", code: "x" }));
  assert.ok(tries >= 128, String(tries));
  await person.elevated();
  const login = await person.login();
  await assertPassed(login, await login.byApp());
});

test("a session that changes to and fro leaves so many records and no more [R9c] [L8]", async () => {
  const person = await new Person(site, "to-and-fro").addApp();
  const session = await person.elevated();
  const choices = [["kba"], ["email"]];
  const changes = await untilToldToWait((index) => person.choose(session, choices[index % 2]));
  assert.ok(changes >= 100, String(changes));
  assert.equal((await person.methods(session)).methods.length > 0, true, "it may still look");
  assert.equal((await person.choose(await person.elevated(), ["kba", "email"])).json?.ok, true, "and another session change");
});

test("who is refused without end does not fill the log: 200 a minute have a line of their own [R26] [L8]", async () => {
  const before = site.server.log.length;
  for (let i = 0; i < 300; i += 1) {
    assert.equal((await site.server.call("GET", "/v1/w/methods", { token: `cs_ses_${"x".repeat(43)}` })).status, 401);
  }
  const lines = site.server.log.slice(before).map((line) => JSON.parse(line)).filter(({ status }) => status === 401);
  const told = lines.filter(({ level }) => level !== "debug").length;
  assert.ok(lines.length >= 290 && told <= 200, `${told} of ${lines.length}`);
});
