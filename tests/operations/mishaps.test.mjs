// SPDX-License-Identifier: Apache-2.0
// What goes wrong at night: an empty variable in a script, a drill beside the real store, a clock that ran ahead, a folder left open.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, countersign } from "../server/http/site.mjs";
import { databaseOf, valueOf } from "./old_store.mjs";

const sites = [];
after(() => sites.forEach((site) => site.remove()));

function newSite() {
  const site = new Site();
  sites.push(site);
  site.createAppKey();
  return site;
}
const backup = (site, name = "backup") => {
  const file = join(site.directory, name);
  site.must(["backup", "--data", site.data, "--out", file]);
  return file;
};
const guardOf = (site, name) => readFileSync(join(site.directory, name), "utf8").trim().split(" ");
const epoch = (site) => valueOf(databaseOf(site), "SELECT epoch FROM state");

test("an empty name in a script does nothing, where leaving it out would do more", () => {
  const site = newSite();
  const refused = (...command) => assert.match(countersign(command).stderr, /is empty[^\n]*\[cli\.value_invalid\]\n$/, command.join(" "));
  refused("restore", ...site.place, "--accept", "--from", "");
  assert.equal(epoch(site), 1);
  for (const act of ["drop", "retry"]) refused("outbox", act, "--data", site.data, "--mail", "");
  refused("unlock", "--data", site.data, "--user", "ann", "--method", "");
  assert.match(countersign(["restore", ...site.place, "--accept"]).stdout, /^accepted the store in .*: epoch 2,/, "and is not told as a restore");
});

test("a drill in another directory leaves the guard of the real store alone [R17]", async () => {
  const site = newSite();
  await (await RunningServer.start(site)).stop();
  const drill = join(site.directory, "drill");
  for (const data of [drill, `${drill}-2`]) {
    const flags = data === drill ? [] : ["--accept"];
    assert.equal(site.must(["restore", "--from", backup(site, `of-${flags.length}`), "--data", data, "--master-key-file", site.key, ...flags]).epoch, 2);
  }
  await (await RunningServer.start(site)).stop();
  assert.equal(epoch(site), 1);
});

test("a guard file of a later epoch is not lowered by a server that runs on another copy [R17]", async () => {
  const site = newSite();
  const server = await RunningServer.start(site, { logLevel: "info" });
  const name = readdirSync(site.directory).find((each) => each.endsWith(".guard"));
  const [format, id] = guardOf(site, name);
  writeFileSync(join(site.directory, name), `${format} ${id} 7 1\n`);
  await server.stop();
  assert.equal(guardOf(site, name)[2], "7");
  assert.ok(server.log.some((line) => line.includes('"guard.missing"') && line.includes("is ahead")));
});

test("a restore under a clock that ran ahead is told by doctor and the server, which no confirmation hides [R16] [R17]", async () => {
  const site = newSite();
  site.changeStore(`UPDATE state SET floor_time = ${Math.floor(Date.now() / 1000) + 7200}`);
  site.must(["clock", "confirm", "--data", site.data]);
  const { checks } = JSON.parse(countersign(["doctor", ...site.place, "--json"]).stdout);
  const clock = checks.find(({ check }) => check === "clock");
  assert.equal(clock.health, "failed");
  assert.match(clock.sentence, /^a restore was made while the clock was ahead: nothing is accepted for 7\d\d\d seconds more/);
  const server = await RunningServer.start(site);
  assert.equal((await server.call("GET", "/readyz")).status, 503);
  assert.ok(server.log.some((line) => line.includes('"service.not_ready"') && line.includes("a restore was made while the clock was ahead")));
  await server.stop();
});

test("a data directory that others may write to is not worked in, for they could lay a log beside the store [R18]", () => {
  const site = newSite();
  for (const mode of [0o777, 0o770]) {
    chmodSync(site.data, mode);
    for (const command of [["serve", ...site.place, "--listen", "127.0.0.1:0"], ["app-key", "list", "--data", site.data]]) {
      assert.match(countersign(command).stderr, /others may write to it[^\n]*run: chmod go-rwx [^\n]*\[data\.unusable\]\n$/);
    }
  }
  chmodSync(site.data, 0o750);
  assert.equal(countersign(["app-key", "list", "--data", site.data]).status, 0);
});

test("a restore removes what one that was killed has left in the data directory [R20]", () => {
  const site = newSite();
  const left = join(site.data, "countersign.sqlite.unfinished-aB3dE5");
  mkdirSync(left, { mode: 0o700 });
  writeFileSync(join(left, "copy"), "sealed");
  site.must(["restore", ...site.place, "--from", backup(site), "--accept"]);
  assert.equal(existsSync(left), false);
});

test("a name in a store steers no terminal, in an error or in doctor [L36]", () => {
  const site = newSite();
  site.changeStore('CREATE TABLE "x\u009b31m\u202ey" (a)');
  for (const command of [["users", "list", "--data", site.data], ["doctor", ...site.place]]) {
    const { stdout, stderr } = countersign(command);
    assert.match(stdout + stderr, /x\?31m\?y/, command[0]);
    assert.doesNotMatch(stdout + stderr, /[\u0080-\u009f\u202e]/);
  }
});

test("a pipe in the guard file's place holds up nobody [R17]", async () => {
  const site = newSite();
  await (await RunningServer.start(site)).stop();
  const name = readdirSync(site.directory).find((each) => each.endsWith(".guard"));
  const pipe = join(site.directory, name);
  rmSync(pipe);
  spawnSync("mkfifo", [pipe]);
  const served = countersign(["serve", ...site.place, "--listen", "127.0.0.1:0"]);
  assert.match(served.stderr, /\.guard cannot be read[^\n]*\[data\.behind_guard\]\n$/);
  rmSync(pipe);
  spawnSync("mkfifo", [`${pipe}.unfinished`]);
  const server = await RunningServer.start(site);
  await server.stop();
  assert.ok(server.log.some((line) => line.includes('"guard.missing"')));
});
