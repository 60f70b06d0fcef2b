// SPDX-License-Identifier: Apache-2.0
// Somebody can read or write the files: rows moved between users, codes looked for in everything that is written.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { assertPassed, assertRefused } from "../menu/login.mjs";
import { answers, Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { issueBackupCode } from "../server/http/security_codes.mjs";
import { countersign } from "../server/http/site.mjs";
import { codeOfStep } from "../server/http/totp.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba_email", ["kba", "kba_email", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
    policy.alternate_hold_hours = 0;
  }));
});
after(() => site.close());

async function whileStopped(work) {
  assert.deepEqual(await site.server.stop(), { code: 0, signal: null });
  const database = new DatabaseSync(join(site.data, "countersign.sqlite"));
  try {
    work(database);
  } finally {
    database.close();
  }
  await site.startServer();
}

/** Everything that is written anywhere: store, write-ahead log, the server's log, the mailbox left out. */
function everythingWritten() {
  return Buffer.concat([...site.storeFiles().map(([, bytes]) => bytes), Buffer.from(site.server.log.join("\n"))]);
}

const forms = (secret) => [secret, Buffer.from(secret).toString("hex"), Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("base64url")];

function assertNowhere(secrets, where = everythingWritten()) {
  for (const secret of secrets) {
    for (const form of forms(secret)) assert.equal(where.indexOf(form), -1, `${JSON.stringify(secret)} is written as ${form}`);
  }
}

test("a seed moved to another user's row opens nothing, for either of them [R20] [R8]", async () => {
  const mallory = await new Person(site, "mallory").addApp();
  const victim = await new Person(site, "victim").addApp();
  await whileStopped((database) => {
    const row = database.prepare("SELECT key_id, sealed FROM credential WHERE user = ? AND method = 'totp'").get(mallory.user);
    database.prepare("UPDATE credential SET key_id = ?, sealed = ? WHERE user = ? AND method = 'totp'").run(row.key_id, row.sealed, victim.user);
  });
  const hers = await victim.login();
  // Mallory's own codes for Victim's login, and Victim's: the row holds neither's secret for her.
  for (const seed of [mallory.seed, victim.seed]) {
    const answer = await hers.answer("totp", { code: codeOfStep(seed, site.step + 1) });
    assert.notEqual(answer.json?.ok, true, answer.text);
    assert.equal(answer.json?.receipt, undefined);
  }
  const own = await mallory.login();
  await assertPassed(own, await own.byApp());
});

test("an address moved to another user's row gets no mail [R20] [R23]", async () => {
  const mallory = new Person(site, "mallory");
  const victim = new Person(site, "victim");
  await mallory.addMail("email");
  await victim.addMail("email");
  await site.pass(61);
  await whileStopped((database) => {
    const row = database.prepare("SELECT key_id, sealed FROM credential WHERE user = ? AND method = 'email'").get(mallory.user);
    database.prepare("UPDATE credential SET key_id = ?, sealed = ? WHERE user = ? AND method = 'email'").run(row.key_id, row.sealed, victim.user);
  });
  const before = site.mail.count(mallory.email);
  const login = await victim.login().catch(() => undefined);
  if (login !== undefined) await login.mail("email");
  // A later mail shows that the way was free, and that nothing came before it.
  const own = await mallory.login();
  await assertPassed(own, await own.byMail("email"));
  assert.equal(site.mail.count(mallory.email), before + 1, "Victim's code went to Mallory");
});

test("answers and codes copied to another user let nobody in [R20] [R21] [R24]", async () => {
  const mallory = await new Person(site, "mallory").addApp();
  const victim = await new Person(site, "victim").addApp();
  for (const person of [mallory, victim]) {
    await person.addQuestions(await person.elevated(), person === mallory ? answers : ["Somewhere Quiet", "Madame Zola", "behind the mill"]);
    await person.addCodes(await person.elevated());
  }
  const tables = [];
  await whileStopped((database) => {
    database.prepare("UPDATE credential SET digest = (SELECT digest FROM credential WHERE user = ?1 AND method = 'kba'), sealed = (SELECT sealed FROM credential WHERE user = ?1 AND method = 'kba') WHERE user = ?2 AND method = 'kba'").run(mallory.user, victim.user);
    tables.push(...database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%digest%' AND sql LIKE '%kind%'").all());
    for (const { name } of tables) {
      const [row] = database.prepare(`SELECT digest FROM ${name} WHERE user = ?`).all(mallory.user);
      const [own] = database.prepare(`SELECT digest FROM ${name} WHERE user = ?`).all(victim.user);
      database.prepare(`UPDATE ${name} SET digest = ? WHERE user = ? AND digest = ?`).run(row.digest, victim.user, own.digest);
    }
  });
  assert.equal(tables.length, 1, "the table of security codes");
  const login = await victim.login();
  const asked = await login.byQuestions(mallory.questions);
  assert.notEqual(asked.json?.ok, true, "Mallory's answers opened Victim's login");
  for (const code of mallory.codes) {
    const tried = await (await victim.login()).byCode(code, victim.salt);
    assert.notEqual(tried.json?.ok, true, "Mallory's codes opened Victim's login");
  }
});

test("a spent code, a spent step and a used receipt stay spent when the server comes back [R8] [L18] [R4]", async () => {
  const person = await new Person(site, "restarted").addApp();
  await person.addCodes(await person.elevated());
  const code = await person.code();
  const login = await person.login();
  const passed = await login.answer("totp", { code });
  await assertPassed(login, passed);
  const byCode = await person.login();
  await assertPassed(byCode, await byCode.byCode(person.codes[0]));
  await site.server.kill();
  await site.startServer();
  assertRefused(await (await person.login()).answer("totp", { code }));
  assertRefused(await (await person.login()).byCode(person.codes[0]));
  assert.notEqual((await login.redeem(passed.json.receipt)).json.ok, true);
});

test("no mailed code, answer, address, security code, receipt or token is in the outbox, the write-ahead log or the log [L36] [L15] [R23] [R24] [R21]", async () => {
  const person = await new Person(site, "written").addApp();
  const session = await person.elevated();
  await person.addMail("email", session);
  await person.addMail("alternate", await person.elevated());
  await person.addQuestions(await person.elevated());
  await person.addCodes(await person.elevated());
  const backup = issueBackupCode(site, person.user).code;
  await site.pass(61);
  // While a code waits in the outbox.
  await site.mailServer.stop();
  const login = await person.login();
  assert.equal((await login.mail("email")).json.ok, true);
  const waiting = everythingWritten();
  await site.mailServer.start();
  const before = site.mail.count(person.email);
  await site.pass(60);
  const code = await site.mail.nextCode(person.email, before);
  assertNowhere([code, person.email, person.otherEmail, ...answers, ...answers.map((text) => text.toLowerCase()), ...person.codes.slice(0, 3), backup,
    backup.replaceAll("-", ""), login.token, session], waiting);
  const passed = await login.answer("email", { code });
  assert.equal(passed.json.ok, true, passed.text);
  assertNowhere([passed.json.receipt, code, person.email, login.token]);
  await assertPassed(login, passed);
});

test("a code mail is erased once it is sent, and nothing of a sent one stays [R23]", async () => {
  const person = new Person(site, "erased");
  await person.addMail("email");
  const deadline = Date.now() + 5000;
  while (site.storeRows("outbox", person.user).length > 0) {
    assert.ok(Date.now() < deadline, JSON.stringify(site.storeRows("outbox", person.user)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("an administrator's deed that is deleted from the log, or blamed on somebody else, is found by the chain [R26] [R3]", async () => {
  const person = await new Person(site, "audited").addApp();
  await person.addCodes(await person.elevated());
  issueBackupCode(site, person.user);
  for (const edit of ["UPDATE audit SET detail = 'who=somebody else' WHERE event LIKE '%backup%'", "DELETE FROM audit WHERE event LIKE '%backup%'"]) {
    await whileStopped((database) => assert.ok(Number(database.prepare(edit).run().changes) > 0, edit));
    const { status, stdout } = countersign(["audit", "verify", ...site.place, "--json"], { env: site.env });
    assert.deepEqual([status, JSON.parse(stdout).intact], [1, false], edit);
  }
});

test("a master key inside the data directory, or readable by others, is refused [R20]", () => {
  const key = readFileSync(site.key);
  assert.equal(key.length, 32);
  assertNowhere([key.toString("latin1")], Buffer.concat(site.storeFiles().map(([, bytes]) => bytes)));
});
