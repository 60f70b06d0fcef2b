// SPDX-License-Identifier: Apache-2.0
// A data directory of the version before: it is brought up to date whole or not at all, and a newer one is left alone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { verifyCode } from "../server/http/security_codes.mjs";
import { Site, binary, countersign } from "../server/http/site.mjs";
import { codeNow } from "../server/http/totp.mjs";
import { databaseOf, facts, putOldStore, seedOf, valueOf } from "./old_store.mjs";

const sites = [];
after(() => sites.forEach((site) => site.remove()));

function oldSite() {
  const site = new Site();
  sites.push(site);
  putOldStore(site);
  return site;
}

test("a store of the version before goes on: keys, codes, policy and audit log are what they were [R18] [R26]", async () => {
  const site = oldSite();
  assert.equal(valueOf(databaseOf(site), "PRAGMA user_version"), facts.schema, "the fixture is old");
  const server = await RunningServer.start(site);
  for (const user of ["ann", "ben", "cat", "dan"]) {
    assert.deepEqual((await server.verify(facts.token, user, codeNow(seedOf(user)))).json, { ok: true }, user);
    assert.equal((await server.verify(facts.token, user, codeNow(seedOf(user)))).json.ok, false, `${user}, once`);
  }
  const { user, used, unused } = facts.codes;
  assert.equal((await verifyCode(server, facts.token, user, used)).json.ok, false, "used before the upgrade");
  assert.deepEqual((await verifyCode(server, facts.token, user, unused[0])).json, { ok: true });
  await server.stop();
  const { policy } = site.must(["policy", "get", "--data", site.data]);
  assert.equal(policy.security_codes.enabled, true);
  const audit = site.must(["audit", "verify", ...site.place, "--since", facts.checkpoint]);
  assert.deepEqual([audit.since, audit.intact ?? audit.breaks?.length === 0], ["extends", true]);
  assert.ok(valueOf(databaseOf(site), "PRAGMA user_version") > facts.schema);
  assert.match(valueOf(databaseOf(site), "SELECT store_id FROM state"), /^[0-9a-f]{32}$/);
});

test("a copy from before the upgrade comes by the same name, and its guard file refuses it before it is touched [R17]", async () => {
  const site = oldSite();
  await (await RunningServer.start(site)).stop();
  rmSync(site.data, { recursive: true });
  putOldStore(site);
  const before = readFileSync(databaseOf(site));
  const needKey = [["serve", ...site.place, "--listen", "127.0.0.1:0"], ["app-key", "create", ...site.place, "--name", "x"],
    ["users", "import", ...site.place, "--csv-stdin"], ["audit", "verify", ...site.place], ["keys", "rotate", ...site.place]];
  for (const command of needKey) {
    const refused = countersign(command, { input: "user,secret\n" });
    assert.match(refused.stderr, /^countersign: [^\n]*\.guard says [^\n]*\[data\.behind_guard\]\n$/, command.join(" "));
  }
  assert.ok(readFileSync(databaseOf(site)).equals(before), "it is the old one still");
  assert.equal(site.must(["restore", ...site.place, "--accept"]).epoch, 2);
});

test("an old store is not upgraded with another master key [R18] [R20]", () => {
  const site = oldSite();
  const before = readFileSync(databaseOf(site));
  site.must(["keygen", "--out", `${site.key}.other`]);
  for (const command of [["serve", "--listen", "127.0.0.1:0"], ["app-key", "create", "--name", "x"], ["restore", "--accept"], ["audit", "verify"]]) {
    const refused = countersign([...command, "--data", site.data, "--master-key-file", `${site.key}.other`]);
    assert.match(refused.stderr, /\[master_key\.mismatch\]\n$/, command.join(" "));
  }
  assert.ok(readFileSync(databaseOf(site)).equals(before));
});

test("what only reads, or has no key, leaves an old store as it is and says what to do [R18]", async () => {
  const site = oldSite();
  const before = readFileSync(databaseOf(site));
  const data = ["--data", site.data];
  const out = join(site.directory, "out");
  const commands = [["realm", "list", ...data], ["app-key", "list", ...data], ["users", "list", ...data], ["users", "show", ...site.place, "--user", "ann"],
    ["methods", "list", ...site.place, "--user", "ann"], ["users", "export", ...site.place, "--out", out], ["policy", "get", ...data], ["audit", "list", ...data],
    ["audit", "verify", ...site.place], ["audit", "export", ...data, "--out", out], ["outbox", "list", ...data], ["keys", "status", ...data],
    ["unlock", ...data, "--user", "ann"], ["clock", "confirm", ...data], ["outbox", "drop", ...data, "--dead"]];
  for (const command of commands) {
    const refused = countersign(command);
    assert.match(refused.stderr, /^countersign: [^\n]*its store is of schema \d+, and this version works on \d+: make a backup, then start the server[^\n]*\[data\.unusable\]\n$/, command.join(" "));
  }
  assert.ok(readFileSync(databaseOf(site)).equals(before));
  assert.equal(countersign(["doctor", ...site.place]).status, 0);
  assert.equal(countersign(["backup", ...data, "--out", out]).status, 0);
  const server = await RunningServer.start(site);  // with its key it may
  assert.equal(countersign(commands[0]).status, 0);
  await server.stop();
});

test("an older version's server, still running, is not migrated under its feet [R18]", async () => {
  const site = oldSite();
  const holder = spawn("flock", ["--no-fork", join(site.data, "server.lock"), "sleep", "60"], { stdio: "ignore" });
  try {
    const lock = () => countersign(["app-key", "create", ...site.place, "--name", "x"]).stderr;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(lock(), /\[data\.locked\]\n$/);
    assert.equal(valueOf(databaseOf(site), "PRAGMA user_version"), facts.schema);
  } finally {
    holder.kill();
    await once(holder, "exit");
  }
});

test("killed at any moment of the upgrade, the store is the old one or the new one, and opens [R18]", async () => {
  const site = oldSite();
  const file = databaseOf(site);
  const pristine = join(site.directory, "pristine.sqlite");
  copyFileSync(file, pristine);
  const seen = new Set();
  for (let delay = 1; delay <= 40; delay += 1) {
    copyFileSync(pristine, file);
    for (const tail of ["-wal", "-shm"]) rmSync(file + tail, { force: true });
    const child = spawn(binary, ["app-key", "create", ...site.place, "--name", "x"], { stdio: "ignore" });
    const ended = once(child, "exit");
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGKILL");
    await ended;
    const version = valueOf(file, "PRAGMA user_version");
    const migrated = valueOf(file, "SELECT count(*) FROM sqlite_schema WHERE name IN ('master_key', 'kept_key')");
    assert.equal(migrated, version === facts.schema ? 0 : 2, `half a migration after ${delay} ms`);
    seen.add(version);
    assert.equal(valueOf(file, "PRAGMA quick_check"), "ok");
  }
  assert.equal(countersign(["app-key", "create", ...site.place, "--name", "x"]).status, 0);
  assert.equal(countersign(["realm", "list", "--data", site.data]).status, 0);
  assert.ok(seen.has(facts.schema), "killed before it");
});

test("a store that a newer version has written is refused, and nothing of it is changed [R18]", () => {
  const site = oldSite();
  site.changeStore("PRAGMA user_version = 99");
  const before = readFileSync(databaseOf(site));
  for (const command of [
    ["serve", ...site.place, "--listen", "127.0.0.1:0"], ["app-key", "list", "--data", site.data], ["keys", "status", "--data", site.data],
    ["backup", "--data", site.data, "--out", join(site.directory, "none")], ["restore", ...site.place, "--accept"],
  ]) {
    const refused = countersign(command);
    assert.equal(refused.status, 1, command.join(" "));
    assert.match(refused.stderr, /^countersign: [^\n]*\[data\.newer_version\]\n$/, command[0]);
  }
  assert.ok(readFileSync(databaseOf(site)).equals(before));
});
