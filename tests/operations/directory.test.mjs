// SPDX-License-Identifier: Apache-2.0
// A data directory in which somebody else has laid something.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Site, countersign } from "../server/http/site.mjs";

const sites = [];
after(() => sites.forEach((site) => site.remove()));

function newSite() {
  const site = new Site();
  sites.push(site);
  return site;
}

/** Commands that open a store, each by a road of its own. */
const commandsOn = (site) => [
  ["serve", ...site.place, "--listen", "127.0.0.1:0"],
  ["realm", "list", "--data", site.data],
  ["app-key", "create", ...site.place, "--name", "x"],
  ["keys", "status", "--data", site.data],
  ["audit", "verify", ...site.place],
  ["backup", "--data", site.data, "--out", join(site.directory, "out")],
  ["restore", ...site.place, "--accept"],
  ["restore", ...site.place, "--accept", "--from", join(site.directory, "backup")],
];

const refusedWith = (command, pattern) => {
  const done = countersign(command);
  assert.equal(done.status, 2, `${command.join(" ")}: ${done.stderr}`);
  assert.match(done.stderr, pattern);
  assert.equal(done.stderr.trim().split("\n").length, 1, "one line");
};

test("root does not work in a service user's directory, and nothing he has laid there is followed [R20]", (context) => {
  if (process.getuid() !== 0) return context.skip("needs root: nobody else's directory can be made");
  const site = newSite();
  site.createAppKey();
  site.must(["backup", "--data", site.data, "--out", join(site.directory, "backup")]);
  const owner = Number(spawnSync("id", ["-u", "nobody"], { encoding: "utf8" }).stdout);
  const victim = join(site.directory, "victim");
  writeFileSync(victim, "root's own", { mode: 0o644 });
  rmSync(join(site.data, "server.lock"), { force: true });
  symlinkSync(victim, join(site.data, "server.lock"));
  chownSync(site.data, owner, 0);
  const names = readdirSync(site.data);
  for (const command of commandsOn(site)) {
    refusedWith(command, /^countersign: [^\n]*belongs to the user nobody[^\n]*run: runuser -u nobody -- countersign[^\n]* \[data\.unusable\]\n$/);
  }
  assert.deepEqual([readFileSync(victim, "utf8"), statSync(victim).mode & 0o777], ["root's own", 0o644]);
  assert.deepEqual(readdirSync(site.data), names, "nothing of root's is left there");
  assert.ok(!existsSync(join(site.directory, "out")));
  chownSync(site.data, 12345678, 0);
  refusedWith(["realm", "list", "--data", site.data], /runuser -u 12345678 -- /);
  unlinkSync(join(site.data, "server.lock"));
  chownSync(site.data, 0, 0);
  assert.equal(countersign(["realm", "list", "--data", site.data]).status, 0, "his own directory, he may");
});

test("a link in the place of the lock or of one of the database's files is refused, its target untouched [R20]", () => {
  for (const name of ["server.lock", "countersign.sqlite-shm", "countersign.sqlite-wal", "countersign.sqlite-journal", "countersign.sqlite"]) {
    const site = newSite();
    mkdirSync(site.data, { mode: 0o700 });
    if (name !== "countersign.sqlite") site.createAppKey();
    const victim = join(site.directory, "victim");
    writeFileSync(victim, "mine");
    chmodSync(victim, 0o644);
    rmSync(join(site.data, name), { force: true });
    symlinkSync(victim, join(site.data, name));
    const holders = name === "server.lock" ? ["serve", "restore"] : undefined;  // others take no lock
    for (const command of commandsOn(site).slice(0, -1)) {
      if (holders === undefined || holders.includes(command[0])) refusedWith(command, new RegExp(`${name}: is not a plain file.* \\[data\\.unusable\\]\\n$`));
    }
    assert.deepEqual([readFileSync(victim, "utf8"), statSync(victim).mode & 0o777], ["mine", 0o644], name);
    assert.ok(lstatSync(join(site.data, name)).isSymbolicLink());
  }
});
