// SPDX-License-Identifier: Apache-2.0
// kill -9 while people log in: by app, by security code, by mail, with receipts redeemed. The ledger of what was
// acknowledged is kept here, outside the server; after the restart every line of it is held against the store.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newAttempt } from "../menu/login.mjs";
import { codeIn } from "../menu/mail.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { codeOfStep, stepNow } from "../server/http/totp.mjs";

const rounds = Number(process.env.COUNTERSIGN_KILL_ROUNDS ?? 20);
const peopleByApp = 60;
const random = (below) => Math.floor(Math.random() * below);
let site;
let byCode;
let byMail;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba"), securityCodes("both"), (policy) => { policy.login_methods.email = true; }),
    { movable: false, logLevel: "info" });
  byCode = await Promise.all(Array.from({ length: 4 }, async () => (await new Person(site, "by-code").addApp())));
  byMail = await Promise.all(Array.from({ length: 4 }, async () => {
    const person = new Person(site, "by-mail");
    await person.addMail("email");
    return person;
  }));
});
after(() => site.close());

/** Ten random values stand for ten codes: what they were made of is the page's business. */
async function freshSet(person) {
  person.seen = 0;
  site.changeStore(`UPDATE credential SET last_step = 0, failures = 0, not_before = 0 WHERE user = '${person.user}';
    DELETE FROM session WHERE user = '${person.user}'`);
  person.lastStep = site.step - 1;
  const session = await person.elevated();
  person.set = Array.from({ length: 10 }, () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"));
  const replaced = await person.call("POST", "/v1/w/codes/replace", session, { stretched: person.set });
  assert.equal(replaced.json.ok, true, replaced.text);
}

/** What a caller does who does not see the answer when the server dies. */
const orGone = (call) => call.catch(() => undefined);

/** Only the gate's 429 is asked again: it said nothing about the code. */
async function admitted(call) {
  for (;;) {
    const answer = await call();
    if (answer.status !== 429) return answer;
  }
}

/** One login; whatever is acknowledged is written down at once. */
async function runLogin(person, answer, ledger) {
  const login = await orGone(person.login());
  if (login === undefined) return false;
  const attempt = newAttempt();
  const passed = await orGone(admitted(() => answer(login, attempt)));
  if (passed === undefined) return false;
  assert.equal(passed.json?.ok, true, passed.text);
  const line = { person, login, attempt, answer, receipt: passed.json.receipt, redeemed: false };
  ledger.push(line);
  if (random(2) === 0) return true;
  const redeemed = await orGone(login.redeem(line.receipt));
  if (redeemed === undefined) {
    line.redeemed = undefined;
    return false;
  }
  assert.equal(redeemed.json.ok, true, redeemed.text);
  line.redeemed = true;
  return true;
}

async function workUntilKilled(apps, ledger, mails) {
  const step = stepNow();
  const work = [
    ...[...apps].map(([user, seed]) => async () => {
      const person = Object.assign(new Person(site, user), { user });
      return runLogin(person, (login, attempt) => login.answer("totp", { code: codeOfStep(seed, step) }, attempt), ledger);
    }),
    ...byCode.flatMap((person) => person.set.map((stretched) => () =>
      runLogin(person, (login, attempt) => login.answer("security_code", { stretched }, attempt), ledger))),
    ...byMail.map((person) => async () => {
      const before = site.mail.count(person.email);
      const login = await orGone(person.login());
      const sent = login && await orGone(login.mail("email"));
      if (sent?.json?.ok) mails.push({ person, login, before });
      return sent !== undefined;
    }),
  ].sort(() => Math.random() - 0.5);
  const killAfter = 5 + random(work.length - 20);
  let next = 0;
  const worker = async () => {
    while (next < work.length) {
      const mine = next;
      next += 1;
      if (mine === killAfter) site.server.child.kill("SIGKILL");
      if (!(await work[mine]())) return;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await site.server.kill();
}

/** What was acknowledged is there: the attempt is answered as before, its receipt is redeemed once in all. */
async function assertKept({ login, attempt, answer, receipt, redeemed }) {
  const repeated = await answer(login, attempt);
  if (redeemed === true) {
    assert.notEqual((await login.redeem(receipt)).json.ok, true, "redeemed twice");
    return;
  }
  if (redeemed === undefined) {
    const first = await login.redeem(repeated.json?.receipt ?? receipt);
    const second = await login.redeem(repeated.json?.receipt ?? receipt);
    assert.equal([first, second].filter(({ json }) => json.ok === true).length <= 1, true, "redeemed twice");
    return;
  }
  assert.equal(repeated.json?.ok, true, `acknowledged and lost: ${repeated.text}`);
  assert.equal((await login.redeem(repeated.json.receipt)).json.ok, true, "acknowledged and lost");
}

/** The code is spent: it opens no other login. */
async function assertSpent({ person, answer }) {
  const again = await answer(await person.login(), newAttempt());
  assert.notEqual(again.json?.ok, true, "accepted twice");
}

test(`kill -9 while people log in, ${rounds} rounds: nothing accepted twice, no receipt redeemed twice, nothing acknowledged lost, mail included [L18] [L19] [R4] [R8] [R23]`, async () => {
  let logins = 0;
  let letters = 0;
  for (let round = 0; round < rounds; round += 1) {
    const apps = site.importUsers(Array.from({ length: peopleByApp }, (_, index) => `round-${round}-${index}`));
    for (const person of byCode) await freshSet(person);
    site.changeStore("DELETE FROM mail_allowance; UPDATE credential SET failures = 0, not_before = 0;");
    const ledger = [];
    const mails = [];
    await workUntilKilled(apps, ledger, mails);
    await site.startServer();
    // A mail that was being sent when the server died is leased to it for a while.
    site.changeStore("UPDATE outbox SET leased_until = 0, next_at = 0");
    for (const line of ledger) await assertKept(line);
    // After that: a user has 16 sessions at most, and the next login ends the oldest.
    for (const line of ledger) {
      await assertSpent(line);
      if (line.person.set) site.changeStore(`UPDATE credential SET failures = 0, not_before = 0 WHERE user = '${line.person.user}'`);
    }
    for (const { person, login, before } of mails) {
      const letter = await site.mail.next(person.email, before, (one) => codeIn(one) !== undefined);
      assert.equal((await login.answer("email", { code: codeIn(letter) })).json?.ok, true, "a code that was sent is not known");
    }
    logins += ledger.length;
    letters += mails.length;
  }
  assert.ok(logins > rounds && letters > 0, `${logins} logins, ${letters} letters`);
  process.stdout.write(`${logins} logins and ${letters} letters were acknowledged and kept\n`);
});
