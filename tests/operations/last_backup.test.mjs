// SPDX-License-Identifier: Apache-2.0
// Whoever watches a server learns when it was backed up last, and whether a store put back by hand would be noticed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, countersign } from "../server/http/site.mjs";

let site;
before(() => {
  site = new Site();
  site.createAppKey();
});
after(() => site.remove());

function finding(check, args = site.place) {
  const told = JSON.parse(countersign(["doctor", ...args, "--json"]).stdout);
  return told.checks.find((one) => one.check === check) ?? assert.fail(`${check} is missing`);
}
const backup = (name) => site.must(["backup", "--data", site.data, "--out", join(site.directory, name)]);
const guardFile = () => join(site.directory, readdirSync(site.directory).find((name) => name.endsWith(".guard")));

test("doctor tells a store that was never backed up, one whose backup is old, and one that is well", () => {
  assert.deepEqual(finding("backup"), { check: "backup", health: "warning",
    sentence: "nobody has made a backup of this store; run `countersign backup` once a day." });
  backup("first");
  assert.match(finding("backup").sentence, /^the last one was made [0-9]+ seconds ago\.$/);
  assert.equal(finding("backup").health, "ok");
  site.changeStore("UPDATE audit SET at = at - 7 * 86400 + 600 WHERE event = 'store.backed_up'");
  assert.deepEqual([finding("backup").health, finding("backup").sentence], ["ok", "the last one was made 6 days ago."]);
  site.changeStore("UPDATE audit SET at = at - 900 WHERE event = 'store.backed_up'");
  const old = finding("backup");
  assert.equal(old.health, "warning");
  assert.equal(old.sentence, "the last one was made 7 days ago, and what came since is lost with the disk; run `countersign backup` once a day.");
  backup("second");
  assert.equal(finding("backup").health, "ok", "the newest counts");
});

test("a running server tells its scraper when it was backed up last, by whichever process", async () => {
  const other = new Site();
  other.createAppKey();
  const server = await RunningServer.start(other, { args: ["--operator-listen", "127.0.0.1:0"] });
  try {
    const { port } = server.log.map((line) => JSON.parse(line)).find(({ event }) => event === "server.operator_listening");
    const told = async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(/^countersign_last_backup_timestamp_seconds (\S+)$/m.exec(text)?.[1]);
    };
    assert.equal(await told(), 0, "never");
    const { time } = other.must(["backup", "--data", other.data, "--out", join(other.directory, "one")]);
    assert.equal(await told(), time);
    other.changeStore("INSERT INTO realm (realm, created_at) VALUES ('other', 1); INSERT INTO audit (realm, user, at, nonce, event, method, credential, detail) "
      + "VALUES ('other', '', 9999999999, randomblob(16), 'store.backed_up', '', '', '')");
    assert.equal(await told(), time, "no other realm's record is asked");
  } finally {
    await server.stop();
    other.remove();
  }
});

test("doctor tells a guard file that is missing, damaged, or ahead of the store [R17]", async () => {
  assert.equal(finding("guard").health, "warning", "nothing was served yet");
  assert.match(finding("guard").sentence, /^there is no .*\.guard: .*; serve writes it\.$/);
  const server = await RunningServer.start(site);
  try {
    assert.equal(finding("guard").health, "ok", "beside a server that writes it");
  } finally {
    await server.stop();
  }
  assert.equal(finding("guard").health, "ok");
  const written = readFileSync(guardFile(), "utf8");
  const [format, id, epoch, commits] = written.split(/\s/);
  writeFileSync(guardFile(), `${format} ${id} ${epoch} ${Number(commits) + 1}\n`);
  const behind = finding("guard");
  assert.equal(behind.health, "failed");
  assert.match(behind.sentence, /^the store is older than .*\.guard says.*restore --accept/);
  writeFileSync(guardFile(), "?");
  assert.equal(finding("guard").health, "failed");
  rmSync(guardFile());
  assert.equal(finding("guard").health, "warning");
  const nowhere = finding("guard", [...site.place, "--guard-directory", join(site.directory, "nowhere")]);
  assert.equal(nowhere.health, "failed");
  assert.match(nowhere.sentence, /nowhere cannot be written by this user \(No such file or directory\)/);
});

test("doctor tells a rotation that was begun, where the key from before is not given [R20]", async () => {
  const key = join(site.directory, "new.key");
  site.must(["keygen", "--out", key]);
  const both = ["--data", site.data, "--master-key-file", key, "--previous-master-key-file", site.key];
  const server = await RunningServer.start(site, { flags: [...both, "--listen", "127.0.0.1:0"] });
  await server.stop();
  const lacking = finding("master_key", ["--data", site.data, "--master-key-file", key]);
  assert.equal(lacking.health, "failed");
  assert.match(lacking.sentence, /--previous-master-key-file/);
  assert.equal(finding("master_key", both).health, "warning");
  site.must(["keys", "rotate", ...both]);
  assert.equal(finding("master_key", ["--data", site.data, "--master-key-file", key]).health, "ok");
});
