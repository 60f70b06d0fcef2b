// SPDX-License-Identifier: Apache-2.0
// `countersign doctor`: well, and with each thing wrong that can be made wrong here.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from "node:fs";
import http from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary, countersign } from "../server/http/site.mjs";
import { MailServer } from "../server/mail/mail_server.mjs";

let site;
before(() => {
  site = new Site();
  site.createAppKey();
});
after(() => site.remove());

/** Asks a doctor. @returns {{status: number, ok: boolean, of: (check: string) => {health: string, sentence: string}}} */
function read(done) {
  const told = JSON.parse(done.stdout);
  const failed = told.checks.some(({ health }) => health === "failed");
  assert.equal(told.ok, !failed);
  assert.equal(done.status, failed ? 1 : 0, done.stdout);
  return { status: done.status, ...told, of: (check) => told.checks.find((finding) => finding.check === check) };
}
const doctor = (args = site.place) => read(countersign(["doctor", ...args, "--json"]));

/** The same while this process goes on: it plays the other side. */
async function doctorBeside(args) {
  const child = spawn(binary, ["doctor", ...args, "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const stdout = (await child.stdout.setEncoding("utf8").toArray()).join("");
  const status = child.exitCode ?? (await once(child, "exit"))[0];
  return read({ status, stdout });
}

/** A place of its own with a store, to be spoiled. */
function spoilt() {
  const other = new Site();
  other.createAppKey();
  return other;
}

const picture = (directory) => readdirSync(directory).sort().map((name) => {
  const { size, mode, mtimeMs } = statSync(join(directory, name));
  return [name, size, mode, mtimeMs];
}).filter(([name]) => !/-(wal|shm)$/.test(name));

test("all is well of a sound store, and nothing is changed", () => {
  const before = [picture(site.data), readFileSync(join(site.data, "countersign.sqlite"))];
  const told = doctor();
  assert.ok(told.ok, JSON.stringify(told.checks));
  for (const check of ["configuration", "permissions", "master_key_file", "disk", "file_system", "entropy", "store", "policy", "master_key", "clock", "mail", "tls", "server"]) {
    assert.ok(told.of(check), `${check} is missing`);
    assert.match(told.of(check).sentence, /.{15,}[.)]$/);
  }
  assert.deepEqual([picture(site.data), readFileSync(join(site.data, "countersign.sqlite"))], before);
});

test("before the first start it says what serve will make, and makes nothing", () => {
  const fresh = new Site();
  try {
    const told = doctor(fresh.place);
    assert.ok(told.ok);
    assert.equal(told.of("permissions").health, "warning");
    assert.equal(told.of("store").health, "warning");
    assert.ok(!readdirSync(fresh.directory).includes("data"));
  } finally {
    fresh.remove();
  }
});

test("in lines for a person, one a check", () => {
  const done = countersign(["doctor", ...site.place]);
  for (const line of done.stdout.trimEnd().split("\n")) assert.match(line, /^(ok|warning|failed) +[a-z_]+ +[^ ].+$/);
});

test("settings that serve does not take are told first", () => {
  const told = doctor([...site.place, "--io-threads", "0"]);
  assert.equal(told.status, 1);
  assert.match(told.of("configuration").sentence, /^--io-threads is not usable/);
  assert.equal(doctor([]).of("configuration").health, "failed");
});

test("a store, a directory or a key that is open to others is told with the command that closes it", () => {
  const other = spoilt();
  try {
    chmodSync(other.data, 0o755);
    assert.match(doctor(other.place).of("permissions").sentence, /run `chmod go-rwx .*data`$/);
    chmodSync(other.data, 0o700);
    chmodSync(join(other.data, "countersign.sqlite"), 0o644);
    assert.match(doctor(other.place).of("permissions").sentence, /countersign\.sqlite`$/);
    assert.equal(statSync(join(other.data, "countersign.sqlite")).mode & 0o777, 0o644, "looked at, not mended");
    chmodSync(join(other.data, "countersign.sqlite"), 0o600);
    chmodSync(other.key, 0o644);
    assert.equal(doctor(other.place).of("master_key_file").health, "failed");
  } finally {
    other.remove();
  }
});

test("a key inside the data directory is told [R20]", () => {
  const other = spoilt();
  try {
    const inside = join(other.data, "master.key");
    copyFileSync(other.key, inside);
    chmodSync(inside, 0o600);
    assert.equal(doctor(["--data", other.data, "--master-key-file", inside]).of("master_key_file").health, "failed");
  } finally {
    other.remove();
  }
});

test("another master key is told, and does not become the store's", () => {
  const key = join(site.directory, "other.key");
  site.must(["keygen", "--out", key]);
  const told = doctor(["--data", site.data, "--master-key-file", key]);
  assert.equal(told.of("master_key").health, "failed");
  assert.equal(told.of("store").health, "ok");
  assert.ok(doctor().ok);
});

test("a damaged page of the store is told", () => {
  const other = spoilt();
  try {
    const database = join(other.data, "countersign.sqlite");
    const connection = new DatabaseSync(database);
    connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const page = connection.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'app_key'").get().rootpage;
    const { page_size: size } = connection.prepare("PRAGMA page_size").get();
    connection.close();
    writeSync(openSync(database, "r+"), Buffer.alloc(size, 0xaa), 0, size, (page - 1) * size);
    const told = doctor(other.place);
    assert.equal(told.of("store").health, "failed");
    assert.match(told.of("store").sentence, /restore a backup|countersign\.sqlite/);
  } finally {
    other.remove();
  }
});

test("a file that is no store of ours is told", () => {
  const other = new Site();
  try {
    mkdirSync(other.data, { mode: 0o700 });
    writeFileSync(join(other.data, "countersign.sqlite"), "not a database at all, but longer than a header of SQLite would be, so it is read", { mode: 0o600 });
    assert.equal(doctor(other.place).of("store").health, "failed");
  } finally {
    other.remove();
  }
});

test("a clock behind the store's newest record is told [R16]", () => {
  const other = spoilt();
  try {
    const connection = new DatabaseSync(join(other.data, "countersign.sqlite"));
    connection.exec(`UPDATE state SET high_water = ${Math.floor(Date.now() / 1000) + 3600}`);
    connection.close();
    const told = doctor(other.place).of("clock");
    assert.equal(told.health, "failed");
    assert.match(told.sentence, /^the clock is 3(599|600|598) seconds behind/);
  } finally {
    other.remove();
  }
});

test("a policy that cannot be read is told with its realm", () => {
  const other = spoilt();
  try {
    const policy = join(other.directory, "policy.json");
    writeFileSync(policy, countersign(["policy", "get", "--data", other.data]).stdout);
    other.must(["policy", "set", "--data", other.data, "--who", "test", "--file", policy]);
    const connection = new DatabaseSync(join(other.data, "countersign.sqlite"));
    const columns = connection.prepare("SELECT name FROM pragma_table_info('policy') WHERE name LIKE '%document%'").all();
    connection.exec(`UPDATE policy SET ${columns[0].name} = 'lost'`);
    connection.close();
    assert.match(doctor(other.place).of("policy").sentence, /^the policy of the realm default cannot be read/);
  } finally {
    other.remove();
  }
});

test("the mail server is greeted and logged in to, and gets no mail", async () => {
  const password = join(site.directory, "password");
  writeFileSync(password, "right\n", { mode: 0o600 });
  const mail = await new MailServer({ directory: site.directory, user: "site", password: "right" }).start();
  const flags = [...site.place, "--smtp-url", `smtp://localhost:${mail.port}`, "--mail-from", "no-reply@example.org", "--smtp-user", "site", "--smtp-password-file", password];
  try {
    assert.deepEqual((await doctorBeside(flags)).of("mail"), { check: "mail", health: "ok", sentence: `localhost:${mail.port} takes the login; nothing was sent.` });
    writeFileSync(password, "wrong\n");
    const refused = (await doctorBeside(flags)).of("mail");
    assert.equal(refused.health, "failed");
    assert.match(refused.sentence, /reply 535/);
    assert.ok(!refused.sentence.includes("wrong"));
    assert.deepEqual(mail.mails(), []);
  } finally {
    await mail.stop();
  }
  assert.equal((await doctorBeside(flags)).of("mail").health, "failed", "nobody listens");
});

test("it works beside a running server, and asks its operator's listener", async () => {
  const server = await RunningServer.start(site, { args: ["--operator-listen", "127.0.0.1:0"], logLevel: "info" });
  const { port } = JSON.parse(server.log.find((line) => line.includes('"server.operator_listening"')));
  const args = [...site.place, "--operator-listen", `127.0.0.1:${port}`];
  try {
    const told = await doctorBeside(args);
    assert.ok(told.ok, JSON.stringify(told.checks));
    assert.equal(told.of("server").sentence, `the server at 127.0.0.1:${port} is ready.`);
  } finally {
    await server.stop();
  }
  assert.equal((await doctorBeside(args)).of("server").health, "warning", "nobody listens any more");
});

test("another program at the operator's address is told from a server of ours, and is not told the token", async () => {
  const asked = [];
  const stranger = http.createServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(404).end("?");
  }).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const token = join(site.directory, "operator.token");
  writeFileSync(token, `${"t".repeat(32)}\n`, { mode: 0o600 });
  try {
    const told = await doctorBeside([...site.place, "--operator-listen", `127.0.0.1:${stranger.address().port}`, "--operator-token-file", token]);
    assert.equal(told.of("server").health, "failed");
    assert.equal(asked.length, 1);
    assert.equal(asked[0].authorization, undefined);
  } finally {
    stranger.close();
  }
});

test("an operator's token and an audit file that serve could not use are told, and one address for both listeners", () => {
  const token = join(site.directory, "another.token");
  const asked = (...flags) => doctor([...site.place, ...flags]);
  const withToken = ["--operator-listen", "127.0.0.1:4801", "--operator-token-file", token];
  assert.match(asked(...withToken).of("operator").sentence, /^serve does not start: .*another\.token: No such file/);
  writeFileSync(token, `${"t".repeat(43)}\n`, { mode: 0o644 });
  chmodSync(token, 0o644);
  assert.match(asked(...withToken).of("operator").sentence, /others may read or write it; chmod 600 it/);
  chmodSync(token, 0o600);
  assert.equal(asked(...withToken).of("operator").health, "ok");
  assert.equal(asked("--operator-token-file", token).of("operator").health, "warning");
  assert.equal(asked("--audit-file", join(site.directory, "none/audit.jsonl")).of("audit").health, "failed");
  assert.equal(asked("--audit-file", join(site.directory, "audit.jsonl")).of("audit").health, "ok");
  const same = asked("--listen", "127.0.0.1:4800", "--operator-listen", "127.0.0.1:4800").of("configuration");
  assert.deepEqual(same, { check: "configuration", health: "failed", sentence: "--operator-listen is the address of --listen; give it another port" });
});

test("of a store that no server has run on the age of its newest record is not told", () => {
  const other = spoilt();
  try {
    assert.doesNotMatch(doctor(other.place).of("clock").sentence, /newest record/);
  } finally {
    other.remove();
  }
});
