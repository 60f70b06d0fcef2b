// SPDX-License-Identifier: Apache-2.0
// Going back: what was used up before stays used up, and a store that was put back by hand is found out (R17).
import assert from "node:assert/strict";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { openChallenge, passByTotp, redeem } from "../server/http/challenges.mjs";
import { openSession } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { setCodesPolicy, userWithCodes, verifyStretched } from "../server/http/security_codes.mjs";
import { Site, countersign } from "../server/http/site.mjs";
import { codeNow, codeOfStep, stepNow, stepWithRoom } from "../server/http/totp.mjs";
import { databaseOf, valueOf } from "./old_store.mjs";

const sites = [];
after(() => sites.forEach((site) => site.remove()));

function newSite() {
  const site = new Site();
  sites.push(site);
  site.token = site.createAppKey().token;
  return site;
}

const backup = (site, name = "backup") => {
  const file = join(site.directory, name);
  site.must(["backup", "--data", site.data, "--out", file]);
  return file;
};
const restore = (site, ...flags) => site.must(["restore", ...site.place, ...flags]);
const refused = (site, pattern, ...flags) => {
  const done = countersign(["restore", ...site.place, ...flags]);
  assert.notEqual(done.status, 0, flags.join(" "));
  assert.match(done.stderr, pattern);
  assert.equal(done.stderr.trim().split("\n").length, 1, "one line");
};
const ok = async (answer) => assert.deepEqual((await answer).json, { ok: true });
const no = async (answer) => assert.equal((await answer).json.ok, false);
const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

test("drill: a code used after the backup is refused after the restore, ahead of the clock or not [R17] [L1]", async () => {
  const site = newSite();
  const seeds = site.importUsers(["now", "ahead", "fresh"]);
  let server = await RunningServer.start(site);
  const file = backup(site);
  const step = await stepWithRoom(12);
  await ok(server.verify(site.token, "now", codeOfStep(seeds.get("now"), step)));
  await ok(server.verify(site.token, "ahead", codeOfStep(seeds.get("ahead"), step + 1)));
  await server.stop();
  const done = restore(site, "--from", file, "--accept");
  assert.deepEqual([done.epoch, valueOf(databaseOf(site), "SELECT epoch FROM state")], [2, 2]);
  server = await RunningServer.start(site);
  assert.equal(stepNow(), step, "both codes are still in their window");
  await no(server.verify(site.token, "now", codeOfStep(seeds.get("now"), step)));
  await no(server.verify(site.token, "ahead", codeOfStep(seeds.get("ahead"), step + 1)));
  await no(server.verify(site.token, "fresh", codeOfStep(seeds.get("fresh"), step)));
  await server.stop();
});

test("drill: after a restore the steps that come next are accepted, once each [R17]", async () => {
  const site = newSite();
  const seed = site.importUsers(["quick"], { columns: ",algorithm,digits,period", values: ",SHA1,6,2" }).get("quick");
  const file = backup(site);
  rmSync(site.data, { recursive: true });
  restore(site, "--from", file);
  const server = await RunningServer.start(site);
  await wait(5);
  const code = codeNow(seed, { period: 2 });
  await ok(server.verify(site.token, "quick", code));
  await no(server.verify(site.token, "quick", code));
  await server.stop();
});

test("sessions, receipts and security codes from before a restore are void; the log says that one lies between [R17] [R26]", async () => {
  const site = newSite();
  setCodesPolicy(site, "static");
  const seeds = site.importUsers(["ann"]);
  let server = await RunningServer.start(site);
  const { stretched } = await userWithCodes(server, site.token, "dan");
  const passed = await passByTotp(server, site.token, "ann", seeds.get("ann"));
  const session = await openSession(server, site.token, "ann");
  await server.stop();
  const { checkpoint } = site.must(["audit", "verify", ...site.place]);
  const file = backup(site);
  const done = restore(site, "--from", file, "--accept");
  assert.ok(existsSync(done.kept_aside), "the store before is kept");
  server = await RunningServer.start(site);
  assert.equal((await server.call("GET", "/v1/w/methods", { token: session })).status, 401);
  assert.equal((await redeem(server, site.token, passed)).json.ok ?? false, false);
  await no(verifyStretched(server, site.token, "dan", stretched[0]));
  assert.ok(await openSession(server, site.token, "ann"), "new ones are opened");
  await server.stop();
  const verified = countersign(["audit", "verify", ...site.place, "--since", checkpoint, "--json"]);
  assert.equal(JSON.parse(verified.stdout).since, "extends_after_restore");
  assert.equal(valueOf(databaseOf(site), "SELECT count(*) FROM audit WHERE event = 'store.restored'"), 1);
});

test("--keep-codes leaves those that were unused in the backup, and says what that means [R17]", async () => {
  const site = newSite();
  setCodesPolicy(site, "static");
  let server = await RunningServer.start(site);
  const { stretched } = await userWithCodes(server, site.token, "dan");
  await ok(verifyStretched(server, site.token, "dan", stretched[0]));
  const file = backup(site);
  await ok(verifyStretched(server, site.token, "dan", stretched[1]));
  await server.stop();
  assert.equal(restore(site, "--from", file, "--accept", "--keep-codes").codes_kept, 9);
  server = await RunningServer.start(site);
  await no(verifyStretched(server, site.token, "dan", stretched[0]));
  await ok(verifyStretched(server, site.token, "dan", stretched[2]));
  await ok(verifyStretched(server, site.token, "dan", stretched[1]));
  await server.stop();
  const told = countersign(["restore", ...site.place, "--from", file, "--accept", "--keep-codes"]);
  assert.match(told.stdout, /9 security codes are kept; those used since the backup count once more/);
});

test("a restore is refused under a server, over a store, with another key and of what is no backup; nothing changes [R17] [R18]", async () => {
  const site = newSite();
  site.importUsers(["ann"]);
  const file = backup(site);
  const server = await RunningServer.start(site);
  refused(site, /\[data\.locked\]/, "--from", file, "--accept");
  await server.stop();
  const before = readFileSync(databaseOf(site));
  const names = readdirSync(site.data);
  refused(site, /\[data\.store_exists\]/, "--from", file);
  refused(site, /\[cli\.flag_missing\]/);
  const other = new Site();
  sites.push(other);
  const wrong = countersign(["restore", "--data", site.data, "--master-key-file", other.key, "--from", file, "--accept"]);
  assert.match(wrong.stderr, /^countersign: --master-key-file[^\n]* \[master_key\.mismatch\]\n$/);
  const damaged = join(site.directory, "damaged");
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 8192, 12288);
  writeFileSync(damaged, bytes);
  refused(site, /\[backup\.unusable\]/, "--from", damaged, "--accept");
  writeFileSync(damaged, "rubbish");
  refused(site, /\[backup\.unusable\]/, "--from", damaged, "--accept");
  refused(site, /\[backup\.unusable\]/, "--from", join(site.directory, "none"), "--accept");
  copyFileSync(databaseOf(site), damaged);
  refused(site, /was not made by countersign backup.*\[backup\.unusable\]/, "--from", damaged, "--accept");
  assert.ok(readFileSync(databaseOf(site)).equals(before));
  assert.deepEqual(readdirSync(site.data), names, "nothing is left behind");
});

test("a data directory that was copied back by hand is refused until it is accepted, and then replays nothing [R17]", async () => {
  const site = newSite();
  const seed = site.importUsers(["ann"]).get("ann");
  await (await RunningServer.start(site)).stop();
  const copy = join(site.directory, "copy");
  cpSync(site.data, copy, { recursive: true });
  let server = await RunningServer.start(site);
  const step = await stepWithRoom(12);
  await ok(server.verify(site.token, "ann", codeOfStep(seed, step)));
  const challenge = await openChallenge(server, site.token, "ann");
  await server.kill();  // nothing is written at the end: what the start wrote is enough
  rmSync(site.data, { recursive: true });
  cpSync(copy, site.data, { recursive: true });
  const behind = countersign(["serve", ...site.place, "--listen", "127.0.0.1:0"]);
  assert.match(behind.stderr, /it stands at epoch 1, commit \d+, and [^\n]+\.guard says epoch 1, commit \d+[^\n]* \[data\.behind_guard\]\n$/);
  assert.match(countersign(["app-key", "create", ...site.place, "--name", "x"]).stderr, /\[data\.behind_guard\]/);
  restore(site, "--accept");
  server = await RunningServer.start(site);
  await no(server.verify(site.token, "ann", codeOfStep(seed, step)));
  assert.equal((await server.call("GET", "/v1/w/challenge", { token: challenge.session })).status, 401);
  await server.stop();
});

test("a backup that was put in the place of the store by hand is refused, too [R17]", async () => {
  const site = newSite();
  const file = backup(site);
  rmSync(site.data, { recursive: true });
  restore(site, "--from", file);
  await (await RunningServer.start(site)).stop();
  copyFileSync(file, databaseOf(site));
  const served = countersign(["serve", ...site.place, "--listen", "127.0.0.1:0"]);
  assert.match(served.stderr, /it is a backup that nobody has restored[^\n]* \[data\.behind_guard\]\n$/);
  assert.equal(restore(site, "--accept").epoch, 3, "above what the guard knows");
  await (await RunningServer.start(site)).stop();
});

test("where the guard file cannot be written the server runs and says so; in the data directory it is refused [R17]", async () => {
  const site = newSite();
  const server = await RunningServer.start(site, { args: ["--guard-directory", join(site.directory, "none")] });
  assert.ok(server.log.some((line) => line.includes('"guard.missing"')));
  assert.equal((await server.call("GET", "/readyz")).status, 200);
  await server.stop();
  const inside = countersign(["serve", ...site.place, "--listen", "127.0.0.1:0", "--guard-directory", site.data]);
  assert.match(inside.stderr, /\[data\.unusable\]/);
  const guards = readdirSync(site.directory).filter((name) => name.endsWith(".guard"));
  assert.deepEqual(guards, [], "none was written beside the key");
});

test("an operator's commands ask the guard file in --guard-directory; it never lies in the data directory [R17]", async () => {
  const site = newSite();
  const guards = join(site.directory, "guards");
  mkdirSync(guards, { mode: 0o700 });
  const copy = join(site.directory, "copy");
  cpSync(site.data, copy, { recursive: true });
  await (await RunningServer.start(site, { args: ["--guard-directory", guards] })).stop();
  assert.equal(readdirSync(guards).length, 1);
  const commands = [["app-key", "create", "--name", "x"], ["realm", "create", "--name", "second"], ["users", "import", "--csv-stdin"],
    ["backup-code", "issue", "--user", "ann", "--reason", "lost", "--who", "ben"], ["audit", "verify"], ["audit", "key"],
    ["users", "show", "--user", "ann"], ["methods", "list", "--user", "ann"],
    ["users", "export", "--with-seeds", "--out", join(site.directory, "out")], ["keys", "rotate"]];
  for (const command of [...commands, ["restore", "--accept"]]) {
    const inside = countersign([...command, ...site.place, "--guard-directory", join(site.data, "guards")], { input: "user,secret\n" });
    assert.match(inside.stderr, /a guard file in the data directory [^\n]* \[data\.unusable\]\n$/, command.join(" "));
  }
  rmSync(site.data, { recursive: true });
  cpSync(copy, site.data, { recursive: true });
  for (const command of commands) {
    const behind = countersign([...command, ...site.place, "--guard-directory", guards], { input: "user,secret\n" });
    assert.match(behind.stderr, /\[data\.behind_guard\]\n$/, command.join(" "));
  }
});
