// SPDX-License-Identifier: Apache-2.0
// The audit log as an operator asks it, takes it out and ships it: nothing missing, nothing twice, and no login waits.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { until } from "../server/http/mail_site.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, countersign } from "../server/http/site.mjs";
import { codeOfStep, stepNow } from "../server/http/totp.mjs";

let site;
let token;
let seeds;
before(() => {
  site = new Site();
  token = site.createAppKey().token;
  seeds = site.importUsers(Array.from({ length: 12 }, (_, i) => `audit-${i}`));
});
after(() => site.remove());

const list = (...flags) => site.must(["audit", "list", "--data", site.data, ...flags]).records;
/** Locks a user: one event each. */
async function lock(server, user) {
  for (let i = 0; i < 5; i += 1) await server.verify(token, user, "000000");
}
const lines = (file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)) : []);
const numbers = (file) => lines(file).flatMap(({ number }) => number ?? []);
const newest = () => list("--limit", "1")[0].number;
const shipped = (file) => until(() => newest() !== undefined && numbers(file).at(-1) === newest(), `record ${newest()} in the file`);
const count = (last, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => i + first);
const logged = (server, event) => server.log.map((line) => JSON.parse(line)).filter((line) => line.event === event);

test("audit list asks by user, event and time, and takes the newest of them", async () => {
  site.must(["realm", "create", ...site.place, "--name", "empty"]);
  const server = await RunningServer.start(site);
  await lock(server, "audit-0");
  await lock(server, "audit-1");
  await server.stop();
  assert.deepEqual(list("--user", "audit-0").map(({ event, user }) => [event, user]), [["credential.locked", "audit-0"]]);
  assert.deepEqual(list("--event", "credential.").map(({ user }) => user), ["audit-0", "audit-1"]);
  assert.deepEqual(list("--event", "credential.", "--limit", "1").map(({ user }) => user), ["audit-1"]);
  assert.deepEqual(list("--event", "credential.lock"), [], "a name without a dot at its end is a whole name");
  const at = list("--user", "audit-0")[0].time;
  assert.equal(list("--user", "audit-0", "--since", String(at), "--until", String(at)).length, 1);
  assert.equal(list("--user", "audit-0", "--since", String(at + 1)).length, 0);
  const day = new Date(at * 1000).toISOString().slice(0, 10);
  assert.equal(list("--user", "audit-0", "--since", day, "--until", day).length, 1);
  assert.equal(list("--user", "audit-0", "--until", "2026-01-01T00:00:00Z").length, 0);
  assert.deepEqual(list("--realm", "empty", "--event", "credential."), []);
  for (const bad of ["2026-02-30", "2026-11-22T25:00:00Z", "yesterday", "-5", "2026-11-22T12:00:00"]) {
    const done = countersign(["audit", "list", "--data", site.data, `--since=${bad}`, "--json"]);
    assert.deepEqual([done.status, JSON.parse(done.stderr).error.code], [2, "cli.value_invalid"], bad);
  }
});

test("audit export has every record and checkpoint in one order, and verify --since tells what was changed [R26]", () => {
  const out = join(site.directory, "audit.jsonl");
  const done = site.must(["audit", "export", "--data", site.data, "--out", out]);
  assert.deepEqual(numbers(out), count(newest()));
  assert.equal(done.records, newest());
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const [checkpoint] = lines(out).slice(-1);
  assert.equal(checkpoint.checkpoint.split(" ")[2], String(newest()));
  assert.equal(countersign(["audit", "export", "--data", site.data, "--out", out]).status, 2);

  const since = (line) => countersign(["audit", "verify", ...site.place, "--since", line]);
  const good = since(checkpoint.checkpoint);
  assert.equal(good.status, 0, good.stdout);
  assert.match(good.stdout, /^extends: the log extends the checkpoint$/m);
  site.changeStore("UPDATE audit SET detail = detail || '!' WHERE number = 2");
  assert.deepEqual([since(checkpoint.checkpoint).status, /^broken at 2: /m.test(since(checkpoint.checkpoint).stdout)], [1, true]);
  site.changeStore("UPDATE audit SET detail = substr(detail, 1, length(detail) - 1) WHERE number = 2");
  assert.equal(since(checkpoint.checkpoint).status, 0);
});

test("--audit-file has each record once, in order, private, over a rotation and a restart", async () => {
  const file = join(site.directory, "shipped.jsonl");
  let server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await lock(server, "audit-2");
  await shipped(file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  renameSync(file, `${file}.1`);
  server.child.kill("SIGHUP");
  await lock(server, "audit-3");
  await shipped(file);
  assert.equal((await server.stop()).code, 0);
  const atStop = lines(file).at(-1);
  assert.equal(atStop.checkpoint?.split(" ")[2], String(newest()), "what was sealed and signed last, too");

  appendFileSync(file, '{"number":99999,"ha');  // as a full disk leaves it
  server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await lock(server, "audit-4");
  await shipped(file);
  await server.kill();
  // A process that was killed between a line and its cursor.
  const cursor = readFileSync(`${file}.cursor`, "utf8").split(" ");
  writeFileSync(`${file}.cursor`, [...cursor.slice(0, 3), String(Number(cursor[3]) - 1), cursor[4]].join(" "));
  server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await lock(server, "audit-5");
  await shipped(file);
  await server.stop();
  assert.deepEqual([...numbers(`${file}.1`), ...numbers(file)], count(newest()));
  const checkpoints = [...lines(`${file}.1`), ...lines(file)].flatMap(({ checkpoint }) => checkpoint ?? []);
  assert.equal(new Set(checkpoints).size, checkpoints.length);
  const since = countersign(["audit", "verify", ...site.place, "--since", checkpoints.at(-1)]);
  assert.equal(since.status, 0, since.stdout);
});

test("a file that cannot be written holds up no login and no start, is told once, and is made up for", async () => {
  const place = join(site.directory, "gone");
  const file = join(place, "shipped.jsonl");
  const server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await lock(server, "audit-6");
  await until(() => logged(server, "audit.not_shipped").length === 1, "the failure in the log");
  const begun = Date.now();
  assert.equal((await server.verify(token, "audit-7", codeOfStep(seeds.get("audit-7"), stepNow()))).json.ok, true);
  assert.ok(Date.now() - begun < 2000);
  mkdirSync(place);
  await shipped(file);
  await until(() => logged(server, "audit.shipping_again").length === 1, "the end of it in the log");
  assert.equal(logged(server, "audit.not_shipped").length, 1, "said once");
  assert.deepEqual(numbers(file), count(newest()));
  await server.stop();
});

test("a disk that is full takes whole lines or none, and a pipe or somebody else's file none at all", async () => {
  const file = join(site.directory, "full.jsonl");
  symlinkSync("/dev/full", file);
  let server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await until(() => logged(server, "audit.not_shipped").length === 1, "/dev/full to be refused");
  await server.stop();
  rmSync(file);
  writeFileSync(file, "what somebody wrote, without an end");
  server = await RunningServer.start(site, { args: ["--audit-file", file] });
  await until(() => logged(server, "audit.not_shipped").length === 1, "another's file to be refused");
  await server.stop();
  assert.equal(readFileSync(file, "utf8"), "what somebody wrote, without an end");
});

/** A server that finds its /dev/log at `path`, whatever this machine's own is: in a mount namespace with a /dev of its own. */
function withLogAt(path) {
  const dev = join(site.directory, "dev");
  mkdirSync(dev);
  const script = `set -e; mount -t tmpfs none ${dev}
    for node in null zero full random urandom; do touch ${dev}/$node; mount --bind /dev/$node ${dev}/$node; done
    ln -s ${path} ${dev}/log; mount --rbind ${dev} /dev; exec "$0" "$@"`;
  return ["unshare", "--mount", ...(process.getuid() === 0 ? [] : ["--map-root-user"]), "sh", "-c", script];
}

test("--audit-syslog sends each record once to the machine's syslog, and what was missed when it was down", async () => {
  const path = join(site.directory, "log.socket");
  const received = join(site.directory, "syslog.txt");
  // node has no datagram sockets of this family.
  const listen = () => spawn("python3", ["-c", `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("${path}")
out = open("${received}", "ab", buffering=0)
while True:
    out.write(s.recv(65536) + b"\\n")
`], { stdio: "ignore" });
  const server = await RunningServer.start(site, { args: ["--audit-syslog"], through: withLogAt(path) });
  let daemon;
  try {
    await until(() => logged(server, "audit.not_shipped").length === 1, "the missing daemon in the log");
    daemon = listen();
    await until(() => existsSync(path), "the daemon");
    const messages = () => (existsSync(received) ? readFileSync(received, "utf8").split("\n").slice(0, -1) : []);
    const told = () => messages().flatMap((message) => JSON.parse(message.replace(/^.*?\]: /, "")).number ?? []);
    await lock(server, "audit-8");
    await until(() => newest() !== undefined && told().at(-1) === newest(), "all of it");
    assert.deepEqual(told(), count(newest()));
    for (const message of messages()) assert.match(message, /^<86>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d countersign\[\d+\]: \{/);
    daemon.kill();
    await once(daemon, "exit");
    rmSync(path);
    await lock(server, "audit-9");
    await until(() => logged(server, "audit.not_shipped").length === 2, "the second failure");
    daemon = listen();
    await until(() => newest() !== undefined && told().at(-1) === newest(), "what was missed");
    assert.deepEqual(told(), count(newest()));
  } finally {
    daemon?.kill();
    rmSync(path, { force: true });
    await server.stop();
  }
});
