// SPDX-License-Identifier: Apache-2.0
// Copying a store while it is written to.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary, countersign } from "../server/http/site.mjs";
import { base32, codeNow, newSeed } from "../server/http/totp.mjs";
import { databaseOf, valueOf } from "./old_store.mjs";

let site;
let server;
let token;
let seeds;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  seeds = site.importUsers(Array.from({ length: 100 }, (_, index) => `user ${index}`));
  server = await RunningServer.start(site, { logLevel: "info" });
});
after(async () => {
  await server.stop();
  site.remove();
});

const backup = (name, ...flags) => site.must(["backup", "--data", site.data, "--out", join(site.directory, name), ...flags]);
const csvOf = (round) => ["user,secret", ...Array.from({ length: 40 }, (_, index) => `round ${round} ${index},${base32(newSeed())}`), ""].join("\n");

test("a backup under load is of one moment: no transaction is in it by halves [R18]", async () => {
  let loading = true;
  const guesses = Array.from({ length: 8 }, async (_, client) => {
    for (let round = 0; loading; round += 1) await server.verify(token, `user ${(client * 13 + round) % 90}`, "000000");
  });
  const imports = (async () => {
    for (let round = 0; round < 6; round += 1) {
      await site.inBackground(["users", "import", ...site.place, "--csv-stdin"], csvOf(round));
    }
  })();
  const commits = [];
  for (let round = 0; round < 5; round += 1) {
    const made = backup(`load-${round}`);
    const file = join(site.directory, `load-${round}`);
    assert.equal(valueOf(file, "PRAGMA integrity_check"), "ok");
    const imported = valueOf(file, "SELECT count(*) FROM credential WHERE user LIKE 'round %'");
    const told = valueOf(file, "SELECT count(*) FROM audit WHERE event = 'users.imported'") - 1;
    assert.equal(imported, told * 40, "users and the record of their import are one transaction");
    assert.equal(valueOf(file, "SELECT commits FROM state"), made.commits, "the manifest is of the copy");
    commits.push(made.commits);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await imports;
  loading = false;
  await Promise.all(guesses);
  assert.deepEqual(commits, [...commits].sort((a, b) => a - b));
  assert.ok(commits.at(-1) > commits[0], "the server went on meanwhile");
});

test("a backup is its owner's alone, holds no seed and no key in the clear, and says what it is of [R20]", () => {
  const made = backup("plain");
  const file = join(site.directory, "plain");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const bytes = readFileSync(file);
  assert.equal(bytes.indexOf(readFileSync(site.key)), -1, "the master key");
  for (const seed of seeds.values()) assert.ok(bytes.indexOf(seed) === -1 && bytes.indexOf(base32(seed)) === -1);
  assert.equal(bytes.length, made.bytes);
  assert.equal(made.holds_master_key, false);
  assert.equal(made.key_id, valueOf(file, "SELECT key_id FROM credential LIMIT 1"));
  assert.equal(made.schema, valueOf(file, "PRAGMA user_version"));
  assert.equal(made.epoch, 1);
  assert.ok(Math.abs(made.time - Date.now() / 1000) < 60);
  assert.equal(valueOf(databaseOf(site), "SELECT count(*) FROM audit WHERE event = 'store.backed_up'"), 6);
  assert.match(countersign(["backup", "--data", site.data, "--out", `${file}.2`]).stdout, /The master key is not in it/);
});

test("a backup never overwrites, lies outside the data directory and leaves no half of itself behind [R20]", () => {
  const standing = join(site.directory, "standing");
  writeFileSync(standing, "mine");
  for (const out of [standing, join(site.data, "inside"), join(site.directory, "no such directory", "x")]) {
    const refused = countersign(["backup", "--data", site.data, "--out", out]);
    assert.equal(refused.status, 2, out);
    assert.match(refused.stderr, /^countersign: backup: [^\n]+ \[backup\.unusable\]\n$/);
  }
  assert.equal(readFileSync(standing, "utf8"), "mine");
  assert.deepEqual(readdirSync(site.directory).filter((name) => name.includes("unfinished")), []);
  assert.deepEqual(readdirSync(site.data).filter((name) => !/^(countersign\.sqlite(-wal|-shm)?|server\.lock)$/.test(name)), []);
  const nothing = countersign(["backup", "--data", join(site.directory, "empty"), "--out", join(site.directory, "x")]);
  assert.match(nothing.stderr, /\[data\.unusable\]/);
});

test("a backup that was killed leaves nothing that the next one does not remove [R20]", () => {
  const out = join(site.directory, "killed");
  const unfinished = () => readdirSync(site.directory).filter((name) => name.startsWith("killed"));
  const command = 'ulimit -c 0; ulimit -f 16; exec "$0" "$@"';  // killed by the system at its 16th KiB
  const { signal } = spawnSync("bash", ["-c", command, binary, "backup", "--data", site.data, "--out", out]);
  assert.equal(signal, "SIGXFSZ");
  const left = unfinished();
  assert.match(left.join(), /^killed\.unfinished-\w{6}$/);
  backup("killed");
  assert.deepEqual(unfinished(), ["killed"]);
});

test("codes are checked while and after a backup is made [R18]", async () => {
  backup("last");
  assert.deepEqual((await server.verify(token, "user 99", codeNow(seeds.get("user 99")))).json, { ok: true });
});
