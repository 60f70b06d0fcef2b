// SPDX-License-Identifier: Apache-2.0
// The example for logrotate, by logrotate itself: under a server that ships its audit log no record is lost or doubled.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../server/http/mail_site.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, root } from "../server/http/site.mjs";
import { databaseOf, valueOf } from "./old_store.mjs";

const program = "/usr/sbin/logrotate";
const example = readFileSync(join(root, "packaging/countersign.logrotate"), "utf8");
const lacking = existsSync(program) ? undefined : "logrotate is not here (scripts/setup installs it)";

test("logrotate turns the audit file over beside a running server: every record once [R26]", async (context) => {
  if (lacking) return context.skip(lacking);
  const site = new Site();
  const file = join(site.directory, "audit.jsonl");
  site.createAppKey();
  const server = await RunningServer.start(site, { args: ["--audit-file", file] });
  const numbers = (name) => (existsSync(name) ? readFileSync(name, "utf8").split("\n").slice(0, -1) : []).flatMap((line) => JSON.parse(line).number ?? []);
  const newest = () => valueOf(databaseOf(site), "SELECT max(number) FROM audit");
  const shipped = () => until(() => newest() === numbers(file).at(-1), "the newest record in the file");
  try {
    const conf = join(site.directory, "logrotate.conf");
    const me = spawnSync("id", ["-un"], { encoding: "utf8" }).stdout.trim();
    writeFileSync(conf, example.replace("su countersign countersign", `su ${me} ${me}`).replace("/var/log/countersign/audit.jsonl", file).replace("systemctl reload countersign", `kill -HUP ${server.child.pid}`), { mode: 0o644 });
    const rotate = (...flags) => spawnSync(program, [...flags, "--state", join(site.directory, "state"), conf], { encoding: "utf8" });
    await shipped();
    const dry = rotate("--debug");
    assert.equal(dry.status, 0, dry.stderr);
    assert.doesNotMatch(dry.stderr, /error|ignoring|unknown/i);
    for (const name of ["second", "third"]) {
      const done = rotate("--force");
      assert.equal(done.status, 0, done.stderr);
      site.must(["realm", "create", ...site.place, "--name", name]);
      await until(() => existsSync(file), "a new file");
      await shipped();
    }
  } finally {
    await server.stop();
  }
  const names = readdirSync(site.directory).filter((name) => name.startsWith("audit.jsonl") && !name.endsWith(".cursor"));
  assert.deepEqual(names.sort(), ["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2.gz"]);
  const oldest = spawnSync("gzip", ["-dc", `${file}.2.gz`], { encoding: "utf8" }).stdout;
  writeFileSync(`${file}.2`, oldest);
  const all = [`${file}.2`, `${file}.1`, file].flatMap(numbers);
  assert.deepEqual(all, Array.from({ length: newest() }, (_, index) => index + 1));
  site.remove();
});
