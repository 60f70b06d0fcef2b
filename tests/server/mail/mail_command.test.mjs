// SPDX-License-Identifier: Apache-2.0
// `countersign mail test` against the distribution's SMTP server: what leaves, how it is protected, what is said when it does not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { binary } from "../http/site.mjs";
import { readLetter } from "./letter.mjs";
import { MailServer, makeCertificate } from "./mail_server.mjs";

const directory = mkdtempSync(join(tmpdir(), "countersign-mail-"));
const password = "correct horse";
let certificate, plain, stripped, starttls, smtps;

const folder = (name) => {
  const path = join(directory, name);
  mkdirSync(path);
  return path;
};

before(async () => {
  certificate = makeCertificate(directory);
  writeFileSync(join(directory, "password"), `${password}\n`, { mode: 0o600 });
  writeFileSync(join(directory, "wrong"), "wrong\n", { mode: 0o600 });
  plain = await new MailServer({ directory: folder("plain") }).start();
  stripped = await new MailServer({ directory: folder("stripped"), host: "127.0.0.2" }).start();
  starttls = await new MailServer({ directory: folder("starttls"), host: "127.0.0.2", certificate, user: "bank", password }).start();
  smtps = await new MailServer({ directory: folder("smtps"), certificate, smtps: true }).start();
});
after(async () => {
  await Promise.all([plain, stripped, starttls, smtps].map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

function send(flags) {
  const result = spawnSync(binary, ["mail", "test", ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]), "--json"],
    { encoding: "utf8", timeout: 60_000 });
  return { status: result.status, error: result.stderr, answer: result.stdout ? JSON.parse(result.stdout) : undefined };
}
const usual = (server, more = {}) => ({ to: "ana@example.org", "smtp-url": `smtp://127.0.0.1:${server.port}`, "mail-from": "no-reply@bank.example", ...more });

test("a mail arrives with both texts, a date, one Message-ID, and no request for an answer", async () => {
  const { status, answer } = send(usual(plain, { "mail-from": 'Harbor "B" Bank, Inc. <no-reply@bank.example>' }));
  assert.deepEqual([status, answer.outcome, answer.reply_code], [0, "sent", 250]);
  const mail = plain.mails().at(-1);
  assert.deepEqual([mail.from, mail.to], ["no-reply@bank.example", ["ana@example.org"]]);
  const letter = await readLetter(mail);
  assert.equal(letter.from.name, 'Harbor "B" Bank, Inc.');
  assert.equal(letter.from.address, "no-reply@bank.example");
  assert.equal(letter.subject, "Test: Your code for Countersign");
  assert.match(letter.text, /^123456$/m);
  assert.match(letter.html, />123456<\/p>/);
  assert.match(letter.messageId, /^<test_\w+@bank\.example>$/);
  assert.ok(Math.abs(Date.parse(letter.date) - Date.now()) < 600_000, letter.date);
  assert.equal(letter.headers.find(({ key }) => key === "auto-submitted").value, "auto-generated");
});

test("a sender of any script is one sender, and a long name is folded", async () => {
  const name = "Банк «Гавань» и сыновья, отделение за рекой 港湾銀行";
  assert.equal(send(usual(plain, { "mail-from": `${name} <no-reply@bank.example>` })).status, 0);
  const mail = plain.mails().at(-1);
  assert.equal((await readLetter(mail)).from.name, name);
  assert.ok(mail.data.split("\r\n").every((line) => line.length <= 998 && /^[\x20-\x7e]*$/.test(line)));
});

test("STARTTLS is used, the password goes inside it, and smtps works", async () => {
  const login = { "smtp-user": "bank", "smtp-password-file": join(directory, "password"), "smtp-ca-file": certificate.cert };
  const required = send(usual(starttls, { ...login, "smtp-url": `smtp://127.0.0.2:${starttls.port}` }));
  assert.equal(required.status, 0, JSON.stringify(required));
  assert.equal(starttls.mails().at(-1).tls, true);
  const implicit = send(usual(smtps, { "smtp-ca-file": certificate.cert, "smtp-url": `smtps://localhost:${smtps.port}` }));
  assert.equal(implicit.status, 0, JSON.stringify(implicit));
  assert.equal(smtps.mails().at(-1).tls, true);
});

test("without TLS, with a foreign certificate or a wrong password nothing is sent, and it is told", () => {
  const before = [stripped, starttls, smtps].map((server) => server.mails().length);
  const bare = send(usual(stripped, { "smtp-url": `smtp://127.0.0.2:${stripped.port}` }));
  assert.deepEqual([bare.status, bare.answer.outcome], [1, "try_later"]);
  const foreign = send(usual(smtps, { "smtp-url": `smtps://localhost:${smtps.port}` }));
  assert.deepEqual([foreign.status, foreign.answer.outcome], [1, "try_later"]);
  const login = { "smtp-user": "bank", "smtp-password-file": join(directory, "wrong"), "smtp-ca-file": certificate.cert };
  const refused = send(usual(starttls, { ...login, "smtp-url": `smtp://127.0.0.2:${starttls.port}` }));
  assert.deepEqual([refused.status, refused.answer.outcome], [1, "try_later"]);
  assert.deepEqual([stripped, starttls, smtps].map((server) => server.mails().length), before);
});

test("a refusal for good is told from a request for patience", () => {
  const outcome = (to) => {
    const { status, answer } = send(usual(plain, { to }));
    return [status, answer.outcome, answer.reply_code];
  };
  assert.deepEqual(outcome("later@example.org"), [1, "try_later", 451]);
  assert.deepEqual(outcome("never@example.org"), [1, "refused", 550]);
  assert.deepEqual(outcome("full@example.org"), [1, "refused", 552]);
});

test("nobody there is told as such", async () => {
  const closed = createServer();
  await new Promise((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  const gone = send(usual({ port }));
  assert.deepEqual([gone.status, gone.answer.outcome, gone.answer.reply_code], [1, "try_later", 0]);
});

test("an operator's texts replace ours, and a faulty one is told before anything is sent", async () => {
  const texts = folder("texts");
  writeFileSync(join(texts, "code.txt"), "Subject: Kod <b> {{issuer}}\n\nKod: {{code}} & <x>\n\n{{code}}\n");
  assert.equal(send(usual(plain, { "mail-templates": texts })).status, 0);
  const letter = await readLetter(plain.mails().at(-1));
  assert.equal(letter.subject, "Test: Kod <b> Countersign");
  assert.match(letter.text, /Kod: 123456 & <x>/);
  assert.match(letter.html, /Kod: 123456 &amp; &lt;x&gt;/);
  const faults = [
    ["Hello {{code}}\n", /code\.txt does not begin with Subject:/],
    ["Subject: {{code}}\n\nx\n", /code\.txt has the code in its subject/],
    ["Subject: x\n\n{{kode}}\n", /code\.txt has an unknown \{\{kode\}\}/],
    [`Subject: x\n\n${"y".repeat(70_000)}`, /code\.txt is over 64 KiB/],
  ];
  for (const [text, sentence] of faults) {
    writeFileSync(join(texts, "code.txt"), text);
    const { status, error } = send(usual(plain, { "mail-templates": texts }));
    assert.equal(status, 2);
    assert.match(error, sentence);
  }
});

test("malformed flags get one line and exit 2", () => {
  const shared = join(directory, "shared");
  writeFileSync(shared, `${password}\n`);
  chmodSync(shared, 0o644);
  const cases = [
    [{ to: "ana" }, /--to is no address/],
    [{ to: "ana@example.org\r\nBcc: eve@example.org" }, /--to is no address/],
    [{ to: '"ana"@example.org' }, /--to is no address/],
    [{ "smtp-url": "http://127.0.0.1" }, /smtp:\/\/ or smtps:\/\//],
    [{ "smtp-url": "smtp://user:secret@127.0.0.1" }, /user and password have flags of their own/],
    [{ "smtp-url": "smtp://127.0.0.1:0" }, /port is not a number of 1 to 65535/],
    [{ "smtp-url": "smtp://127.0.0.1:25/x" }, /port is not a number of 1 to 65535/],
    [{ "mail-from": "bank" }, /--mail-from is no address/],
    [{ "mail-from": "Bank <bank@example.org" , to: "x" }, /--to is no address/],
    [{ "smtp-user": "bank" }, /belong together/],
    [{ "smtp-user": "bank", "smtp-password-file": join(directory, "none") }, /--smtp-password-file: .*none: No such file/],
    [{ "smtp-user": "bank", "smtp-password-file": shared }, /shared: others may read or write it; chmod 600 it/],
  ];
  for (const [more, sentence] of cases) {
    const { status, error } = send(usual(plain, more));
    assert.equal(status, 2, error);
    assert.match(error, sentence);
    assert.equal(error.trim().split("\n").length, 1);
    assert.ok(!error.includes("secret"));
  }
});
