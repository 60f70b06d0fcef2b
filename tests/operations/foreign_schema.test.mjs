// SPDX-License-Identifier: Apache-2.0
// A store that brings SQL of its own: it would run with the server's rights, at each code that is checked.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, countersign } from "../server/http/site.mjs";

const kTrigger = "CREATE TRIGGER again AFTER UPDATE ON credential BEGIN UPDATE credential SET last_step = -1; END";
const kChanges = [
  [kTrigger, /the trigger again is not of it/],
  ["CREATE VIEW more AS SELECT 1", /the view more is not of it/],
  ["CREATE TABLE more (x)", /the table more is not of it/],
  ["CREATE INDEX more ON credential (user)", /the index more is not of it/],
  ["DROP TRIGGER credential_key_changed", /the trigger credential_key_changed is missing/],
  ["DROP TRIGGER credential_key_changed; CREATE TRIGGER credential_key_changed AFTER UPDATE ON credential BEGIN SELECT 1; END",
    /the trigger credential_key_changed has been changed/],
  ["CREATE TABLE backup_mark (x)", /the table backup_mark is not of it/],
];

const site = new Site();
const { token } = site.createAppKey();
after(() => site.remove());

function inFile(file, sql) {
  const database = new DatabaseSync(file);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

const backup = (name) => {
  const file = join(site.directory, name);
  site.must(["backup", "--data", site.data, "--out", file]);
  return file;
};

const refused = (command, pattern, code) => {
  const done = countersign(command);
  assert.notEqual(done.status, 0, command.join(" "));
  assert.match(done.stderr, pattern, command.join(" "));
  assert.match(done.stderr, new RegExp(`^countersign: [^\\n]*\\[${code}\\]\\n$`));
};

test("a backup with a trigger, a view, a table or an index of its own, or without one of ours, is not restored [R8] [R17]", () => {
  kChanges.forEach(([sql, pattern], index) => {
    const file = backup(`changed-${index}`);
    inFile(file, sql.startsWith("CREATE TABLE backup_mark") ? `DROP TABLE backup_mark; ${sql}` : sql);
    const names = readdirSync(site.data).filter((name) => name !== "server.lock");
    refused(["restore", ...site.place, "--from", file, "--accept"], pattern, "backup\\.unusable");
    assert.deepEqual(readdirSync(site.data).filter((name) => name !== "server.lock"), names, "nothing is left behind");
  });
});

test("a store with SQL that is not ours is opened by no command, and the first of it is named [R8] [R18]", () => {
  const other = new Site();
  try {
    other.createAppKey();
    const file = join(other.data, "countersign.sqlite");
    inFile(file, kTrigger);
    const commands = [
      ["realm", "list", "--data", other.data], ["app-key", "create", ...other.place, "--name", "x"], ["keys", "status", "--data", other.data],
      ["audit", "verify", ...other.place], ["backup", "--data", other.data, "--out", join(other.directory, "out")],
      ["restore", ...other.place, "--accept"], ["serve", ...other.place, "--listen", "127.0.0.1:0"],
    ];
    for (const command of commands) refused(command, kChanges[0][1], "data\\.unusable");
    assert.ok(!existsSync(join(other.directory, "out")));
    assert.match(countersign(["doctor", ...other.place]).stdout, kChanges[0][1]);
    inFile(file, "DROP TRIGGER again");
    assert.equal(countersign(["realm", "list", "--data", other.data]).status, 0);
  } finally {
    other.remove();
  }
});

test("statistics of SQLite's are no change, in a store or in a backup of it [R18]", async () => {
  const seeds = site.importUsers(["ann"]);
  site.changeStore("ANALYZE");
  const file = backup("analyzed");
  site.must(["restore", ...site.place, "--from", file, "--accept"]);
  const server = await RunningServer.start(site);
  assert.equal((await server.verify(token, "ann", "000000")).json.ok, false);
  await server.stop();
  assert.equal(seeds.size, 1);
});
