// SPDX-License-Identifier: Apache-2.0
// The audit log from outside: the commands, a signature checked by another program, kill -9 while it is sealed.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, countersign } from "./site.mjs";

/** Runs `audit verify --json`. */
function check(site, ...more) {
  const { status, stdout, stderr } = countersign(["audit", "verify", ...site.place, "--json", ...more]);
  return { status, stderr, report: stdout === "" ? undefined : JSON.parse(stdout) };
}

function withStore(site, work) {
  const store = new DatabaseSync(join(site.data, "countersign.sqlite"));
  store.exec("PRAGMA busy_timeout = 10000");
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Rows as a deciding transaction leaves them. */
function addRows(site, count) {
  withStore(site, (store) => {
    const insert = store.prepare("INSERT INTO audit (realm, user, at, nonce, event, method, credential, detail) "
      + "VALUES ('default', 'ann', unixepoch(), randomblob(16), 'credential.locked', 'totp', 'crd_1', 'failures=5')");
    store.exec("BEGIN IMMEDIATE");
    for (let i = 0; i < count; i += 1) insert.run();
    store.exec("COMMIT");
  });
}

/** The signed bytes, as the header of the core describes them. */
function signedBytes([, epoch, size, head, time]) {
  const number = (text) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(text));
    return bytes;
  };
  return Buffer.concat([Buffer.from("cs-checkpoint-1"), number(epoch), number(size), Buffer.from(head, "hex"), number(time)]);
}

test("the commands list, prove and show the key; the log's checkpoint is one that another program believes [R26]", async () => {
  const site = new Site();
  try {
    site.createAppKey();
    assert.deepEqual(check(site).report, { intact: true, epoch: 1, sealed: 0, signed: 0, unsealed: 1, erased: 0, break_count: 0, breaks: [] });
    const server = await RunningServer.start(site);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    const { status, report } = check(site);
    assert.deepEqual([status, report.intact, report.sealed, report.signed, report.unsealed], [0, true, 1, 1, 0]);
    const logged = server.log.map((line) => JSON.parse(line)).filter(({ event }) => event === "audit.checkpoint");
    assert.equal(logged.at(-1).checkpoint, report.checkpoint);

    const { public_key: key } = site.must(["audit", "key", ...site.place]);
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "hex")]);
    const fields = report.checkpoint.split(" ");
    assert.equal(verify(null, signedBytes(fields), createPublicKey({ key: spki, format: "der", type: "spki" }), Buffer.from(fields[5], "hex")), true);

    const { records } = site.must(["audit", "list", "--data", site.data, "--limit", "1"]);
    assert.deepEqual([records.length, records[0].number, records[0].event], [1, 1, "app_key.created"]);
  } finally {
    site.remove();
  }
});

test("audit verify exits 0, 1 and 2, and tells what a kept checkpoint says [R26]", async () => {
  const site = new Site();
  try {
    site.createAppKey();
    await (await RunningServer.start(site)).stop();
    const { report: { checkpoint } } = check(site);
    assert.equal(check(site, "--since", checkpoint).report.since, "extends");
    for (const line of ["nonsense", `${checkpoint} `, checkpoint.toUpperCase()]) {
      const { status, stderr } = check(site, "--since", line);
      assert.equal(status, 2);
      assert.equal(JSON.parse(stderr).error.code, "audit.checkpoint_malformed");
    }
    const forged = check(site, "--since", checkpoint.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")));
    assert.deepEqual([forged.status, forged.report.since, forged.report.intact], [1, "bad_signature", false]);
    withStore(site, (store) => store.exec("UPDATE audit SET detail = 'changed'"));
    const { status, report } = check(site);
    assert.deepEqual([status, report.intact, report.breaks], [1, false, [{ number: 1, what: "record 1 is not what was sealed" }]]);
    const text = countersign(["audit", "verify", ...site.place]);
    assert.deepEqual([text.status, /broken at 1: record 1 is not what was sealed\n[^]*NOT INTACT\n$/.test(text.stdout)], [1, true]);
    assert.equal(countersign(["audit", "list", "--data", join(site.directory, "nowhere")]).status, 2);
    assert.equal(countersign(["audit", "list", "--data", site.data, "--limit", "0"]).status, 2);
  } finally {
    site.remove();
  }
});

test("what a user is called cannot steer the terminal that lists the log [R26]", () => {
  const site = new Site();
  try {
    site.createAppKey();
    withStore(site, (store) => store.exec("UPDATE audit SET user = 'a' || char(27) || '[2Jb' || char(10) || 'c' || char(155) || 'd'"));
    const { stdout } = countersign(["audit", "list", "--data", site.data]);
    assert.ok(stdout.includes("  a?[2Jb?c?d  "), JSON.stringify(stdout));
    assert.equal(stdout.trimEnd().split("\n").length, 1);
    // Directions (U+061C, U+200E, U+202E, U+2066) would show the columns in another order, U+2028 in two lines.
    withStore(site, (store) => store.exec("UPDATE audit SET user = 'a' || char(0x61c, 0x200e, 0x202e, 0x2066, 0x2028) || 'b' || char(0x5d0, 0x2013)"));
    const turned = countersign(["audit", "list", "--data", site.data]).stdout;
    assert.ok(turned.includes("  a?????b\u05d0\u2013  "), JSON.stringify(turned));
  } finally {
    site.remove();
  }
});

test("kill -9 while the log is sealed, 8 rounds: no row lost, none numbered twice, the chain unbroken [R26]", async () => {
  const site = new Site();
  const perRound = 1500;
  let kept;
  try {
    site.createAppKey();
    for (let round = 1; round <= 8; round += 1) {
      const server = await RunningServer.start(site, { logLevel: "info" });
      addRows(site, perRound);
      const rows = () => withStore(site, (store) => store.prepare("SELECT count(number) AS sealed, count(*) AS all_rows FROM audit").get());
      const goal = perRound * (round - 1) + Math.floor(Math.random() * perRound);
      const deadline = Date.now() + 20_000;
      while (rows().sealed <= goal) assert.ok(Date.now() < deadline, "nothing is sealed");
      await server.kill();
      const { sealed, all_rows: all } = rows();
      assert.equal(all, perRound * round + 1);
      const { status, stderr, report } = check(site, ...(kept === undefined ? [] : ["--since", kept]));
      assert.equal(status, 0, stderr + JSON.stringify(report));
      assert.deepEqual([report.sealed, report.unsealed], [sealed, all - sealed]);
      kept = report.checkpoint ?? kept;
    }
    const last = await RunningServer.start(site);
    await last.stop();
    const { status, report } = check(site, ...(kept === undefined ? [] : ["--since", kept]));
    assert.deepEqual([status, report.sealed, report.signed, report.unsealed], [0, perRound * 8 + 1, perRound * 8 + 1, 0]);
  } finally {
    site.remove();
  }
});
