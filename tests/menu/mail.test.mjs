// SPDX-License-Identifier: Apache-2.0
// Mail on its way: through a server that stops and starts, in time or not at all, and the notices to the owner.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { wrongCode } from "../server/http/totp.mjs";
import { assertPassed, assertRefused } from "./login.mjs";
import { codeIn } from "./mail.mjs";
import { Person } from "./person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "./site.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("email"), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
    policy.alternate_hold_hours = 0;
  }));
});
after(() => site.close());

const withEmail = async (name) => {
  const person = await new Person(site, name).addApp();
  await person.addMail("email", await person.elevated());
  await site.pass(61);
  return person;
};

test("a mail server that is down loses no code: it waits, and arrives once the server is back [U11] [R23]", async () => {
  const person = await withEmail("patient");
  const before = site.mail.count(person.email);
  await site.mailServer.stop();
  const login = await person.login();
  assert.equal((await login.mail("email")).json.ok, true, "the answer does not wait for the mail server");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(site.mail.count(person.email), before);
  await site.mailServer.start();
  await site.pass(60);
  const code = await site.mail.nextCode(person.email, before);
  await assertPassed(login, await login.answer("email", { code }));
  assert.equal((await site.mail.to(person.email)).slice(before).filter((letter) => codeIn(letter) === code).length, 1, "sent once");
});

test("a code that has expired while the mail server was down is not sent any more; the next one is [R23]", async () => {
  const person = await withEmail("late");
  const codes = async () => (await site.mail.to(person.email)).filter(codeIn).length;
  const before = await codes();
  await site.mailServer.stop();
  const login = await person.login();
  assert.equal((await login.mail("email")).json.ok, true);
  await site.pass(601);
  await site.mailServer.start();
  const second = await person.login();
  const count = site.mail.count(person.email);
  assert.equal((await second.mail("email")).json.ok, true);
  await assertPassed(second, await second.answer("email", { code: await site.mail.nextCode(person.email, count) }));
  assert.equal(await codes(), before + 1, "the dead code was sent");
});

test("mail that waits survives a server that is killed [R23] [L19]", async () => {
  const person = await withEmail("killed");
  const before = site.mail.count(person.email);
  await site.mailServer.stop();
  const login = await person.login();
  assert.equal((await login.mail("email")).json.ok, true);
  await site.server.kill();
  await site.mailServer.start();
  await site.startServer();
  await site.pass(120);
  const code = await site.mail.nextCode(person.email, before);
  await assertPassed(login, await login.answer("email", { code }));
});

test("one a minute, five an hour, ten a day to an address, whoever asks, and the wait is told [R23] [L9]", async () => {
  const person = await withEmail("flooded");
  await site.pass(24 * 3600);
  const ask = async () => (await (await person.login()).mail("email")).json;
  const first = await ask();
  assert.deepEqual([first.ok, first.resend_after], [true, 60], JSON.stringify(first));
  const again = await ask();
  assert.deepEqual([again.ok, again.code, again.retry_after > 0 && again.retry_after <= 60], [false, "not_accepted", true], JSON.stringify(again));
  let sent = 1;
  for (let minute = 0; minute < 8; minute += 1) {
    await site.pass(61);
    if ((await ask()).ok) sent += 1;
  }
  assert.equal(sent, 5, "in an hour");
  for (let hour = 0; hour < 8; hour += 1) {
    await site.pass(3600);
    if ((await ask()).ok) sent += 1;
  }
  assert.equal(sent, 10, "in a day");
});

test("the owner is told of a method added and removed, of a fallback, and of a used code shown again, each with what to do [R23] [L17]", async () => {
  const person = await new Person(site, "told").addApp();
  const notice = async (about, act) => {
    const count = site.mail.count(person.email);
    await act();
    const { text, html, subject } = await site.mail.notice(person.email, about, count);
    assert.ok(text.length > 80 && html.length > text.length, subject);
    assert.equal(codeIn({ text }), undefined);
    assert.match(text, /if (you|this was not|it was not)/i, "how to react");
  };
  await notice(/added/i, async () => person.addCodes(await person.elevated()));
  await notice(/security code/i, async () => {
    const login = await person.login();
    await assertPassed(login, await login.byCode(person.codes[0]));
  });
  await notice(/again|twice|already/i, async () => {
    const code = await person.code();
    const login = await person.login();
    await assertPassed(login, await login.answer("totp", { code }));
    assertRefused(await (await person.login()).answer("totp", { code }));
  });
  await notice(/wrong|tries|attempts|pause/i, async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      assertRefused(await (await person.login()).answer("totp", { code: wrongCode(person.seed, site.now) }));
    }
  });
  await site.pass(31);
  await notice(/removed/i, async () => person.remove(await person.elevated(), person.codesId));
});

test("a notice of the alternate address's use never goes to that address alone [R23]", async () => {
  const person = await new Person(site, "elsewhere").addApp();
  await person.addMail("alternate", await person.elevated());
  await site.pass(61);
  const before = site.mail.count(person.email);
  const login = await person.login();
  await assertPassed(login, await login.byMail("alternate_email"));
  await site.mail.next(person.email, before);
});

test("a mailbox that does not exist is a dead letter without its code, and nobody is held up [R23]", async () => {
  const person = new Person(site, "dead");
  person.email = `never@${person.user}.example`;
  const begun = await person.call("POST", "/v1/w/email/begin", await person.session(), {});
  assert.equal(begun.status, 200, begun.text);
  const deadline = Date.now() + 10_000;
  let rows = [];
  while (rows[0]?.state !== "dead" && Date.now() < deadline) {
    rows = site.storeRows("outbox", person.user);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual([rows.length, rows[0].state, rows[0].reply_code], [1, "dead", 550]);
  const next = await withEmail("after-dead");
  assert.equal((await next.method("email")).status, "active");
});
