// SPDX-License-Identifier: Apache-2.0
// Replacing the master key under a running server: what it opens goes over to the new one, what only hashes stays (R20).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { elevate, enroll, enrollIn, openSession } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { setCodesPolicy, userWithCodes, verifyStretched } from "../server/http/security_codes.mjs";
import { Site, binary, countersign } from "../server/http/site.mjs";
import { base32, codeOfStep, newSeed, stepNow, stepWithRoom } from "../server/http/totp.mjs";
import { databaseOf, valueOf } from "./old_store.mjs";

const sites = [];
after(() => sites.forEach((site) => site.remove()));

function newSite() {
  const site = new Site();
  sites.push(site);
  site.token = site.createAppKey().token;
  site.old = site.key;
  site.new = join(site.directory, "new.key");
  site.must(["keygen", "--out", site.new]);
  return site;
}

const both = (site) => ["--data", site.data, "--master-key-file", site.new, "--previous-master-key-file", site.old];
const startWith = (site, key, ...args) => {
  site.key = key;
  return RunningServer.start(site, { args, logLevel: "info" });
};
const startWithBoth = (site) => startWith(site, site.new, "--previous-master-key-file", site.old);
const status = (site) => site.must(["keys", "status", "--data", site.data]);
const keyIs = (site, state) => status(site).keys.find((key) => key.status === state);
const serveRefused = (flags, pattern) => {
  const done = countersign(["serve", ...flags, "--listen", "127.0.0.1:0"]);
  assert.match(done.stderr, pattern);
  assert.equal(done.stderr.trim().split("\n").length, 1, "one line");
};

test("under load, killed and run again: no code fails, none counts twice, and then the new key is enough [R20] [R18]", async () => {
  const site = newSite();
  setCodesPolicy(site, "static");
  const names = Array.from({ length: 200 }, (_, index) => `user ${index}`);
  const seeds = site.importUsers([...names, ...Array.from({ length: 1500 }, (_, index) => `idle ${index}`)]);
  let server = await startWith(site, site.old);
  const dan = await userWithCodes(server, site.token, "dan");
  const session = await openSession(server, site.token, "user 0");
  await server.stop();
  const { checkpoint } = site.must(["audit", "verify", ...site.place]);
  server = await startWithBoth(site);
  assert.ok(keyIs(site, "previous").credentials > 1700);

  const step = await stepWithRoom(20);
  let rotations = 0;
  let rotating = true;
  const rotate = async () => {
    for (; rotating; rotations += 1) {
      const child = spawn(binary, ["keys", "rotate", ...both(site)], { stdio: ["ignore", "ignore", "inherit"] });
      const ended = once(child, "exit");
      if (rotations < 3) setTimeout(() => child.kill("SIGKILL"), 30 + 20 * rotations);
      const [code] = await ended;
      if (code === 0) return;
      assert.equal(code, null, "killed, and nothing else");
    }
  };
  const rotated = rotate();
  for (let round = 0; round < names.length; round += 20) {
    await Promise.all(names.slice(round, round + 20).map(async (user) => {
      const code = codeOfStep(seeds.get(user), step);
      const twice = await Promise.all([server.verify(site.token, user, code), server.verify(site.token, user, code)]);
      assert.equal(twice.filter(({ json }) => json.ok === true).length, 1, `${user} at once: one yes`);
    }));
    const changed = await openSession(server, site.token, names[round]);
    assert.deepEqual((await elevate(server, changed, codeOfStep(seeds.get(names[round]), step + 1))).json.ok, true);
    assert.ok(await enroll(server, site.token, `new ${round}`), "what is set up meanwhile goes under the new key");
  }
  await rotated;
  rotating = false;
  assert.equal(rotations, 3, "three were killed, the fourth came to its end");
  for (const user of names) {
    const answer = await server.verify(site.token, user, codeOfStep(seeds.get(user), step));
    assert.equal(answer.json.ok ?? false, false, `${user} later: no`);
  }
  assert.equal(keyIs(site, "previous"), undefined);
  assert.deepEqual([keyIs(site, "retired").credentials, keyIs(site, "retired").contacts], [0, 0]);
  await server.stop();

  serveRefused(["--data", site.data, "--master-key-file", site.old], /\[master_key\.mismatch\]/);
  server = await startWith(site, site.new);
  assert.equal((await server.call("GET", "/v1/w/methods", { token: session })).status, 200, "tokens stay");
  assert.deepEqual((await verifyStretched(server, site.token, "dan", dan.stretched[0])).json, { ok: true }, "codes stay");
  assert.equal((await verifyStretched(server, site.token, "dan", dan.stretched[0])).json.ok, false);
  const idle = codeOfStep(seeds.get("idle 7"), stepNow());
  assert.deepEqual((await server.verify(site.token, "idle 7", idle)).json, { ok: true });
  assert.ok(await enroll(server, site.token, "after"));
  await server.stop();
  const audit = site.must(["audit", "verify", ...site.place, "--since", checkpoint]);
  assert.equal(audit.since, "extends", "what the key before signed is still proven");
});

test("a credential that is replaced while it is sealed anew stays the one its owner set up [R20] [R8]", async () => {
  const site = newSite();
  const seeds = site.importUsers(Array.from({ length: 12_000 }, (_, index) => `user ${index}`));
  const server = await startWithBoth(site);
  const step = await stepWithRoom(15);
  const rotated = once(spawn(binary, ["keys", "rotate", ...both(site)], { stdio: "ignore" }), "exit");
  let underWay = 0;
  const changed = [];
  for (let index = 0; index < 30; index += 1) {
    const user = `user ${(index * 397) % 12_000}`;
    const session = await openSession(server, site.token, user);
    await elevate(server, session, codeOfStep(seeds.get(user), step));
    const { credential_id: id } = (await server.call("GET", "/v1/w/methods", { token: session })).json.methods[0];
    if (valueOf(databaseOf(site), "SELECT count(*) FROM master_key WHERE status = 'previous'") === 1) underWay += 1;
    changed.push({ user, made: await enrollIn(server, session, user, { replaces: id }) });
  }
  assert.equal((await rotated)[0], 0);
  assert.ok(underWay > 0, "some were replaced while it went on");
  for (const { user, made } of changed) {
    assert.equal((await server.verify(site.token, user, codeOfStep(seeds.get(user), step + 1))).json.ok, false, "the old seed is gone");
    assert.deepEqual((await server.verify(site.token, user, codeOfStep(made.seed, made.step + 1))).json, { ok: true });
  }
  await server.stop();
});

test("without the previous key, with a wrong one or beside a server of the old, it is refused in one line and nothing changes [R20]", async () => {
  const site = newSite();
  site.importUsers(["ann"]);
  const server = await startWith(site, site.old);
  const before = valueOf(databaseOf(site), "SELECT hex(key_check) FROM state");
  const rotate = (...flags) => countersign(["keys", "rotate", "--data", site.data, "--master-key-file", site.new, ...flags]);
  assert.match(rotate("--previous-master-key-file", site.old).stderr, /^countersign: [^\n]*\[master_key\.in_use\]\n$/);
  await server.stop();
  const third = join(site.directory, "third.key");
  site.must(["keygen", "--out", third]);
  assert.match(rotate().stderr, /^countersign: --master-key-file[^\n]*\[master_key\.mismatch\]\n$/);
  assert.match(rotate("--previous-master-key-file", third).stderr, /^countersign: [^\n]*\[master_key\.mismatch\]\n$/);
  assert.match(rotate("--previous-master-key-file", site.new).stderr, /the same key[^\n]*\[master_key\.unusable\]\n$/);
  serveRefused(["--data", site.data, "--master-key-file", site.new, "--previous-master-key-file", third], /\[master_key\.mismatch\]/);
  assert.equal(valueOf(databaseOf(site), "SELECT hex(key_check) FROM state"), before);
  assert.equal(valueOf(databaseOf(site), "SELECT count(*) FROM kept_key"), 0);

  const begun = await startWithBoth(site);
  await begun.stop();
  serveRefused(["--data", site.data, "--master-key-file", site.new], /\[master_key\.previous_needed\]/);
  serveRefused(["--data", site.data, "--master-key-file", site.new, "--previous-master-key-file", third], /\[master_key\.mismatch\]/);
  assert.match(countersign(["users", "import", "--data", site.data, "--master-key-file", site.old, "--csv-stdin"], { input: "user,secret\n" }).stderr, /\[master_key\.mismatch\]/);
  assert.equal(site.must(["keys", "rotate", ...both(site)]).ended, true);
  assert.equal(site.must(["keys", "rotate", ...both(site)]).sealed_anew, 0, "run again, it has nothing to do");
});

test("after two rotations tokens, users and the log of both keys are whole [R20] [R26]", async () => {
  const site = newSite();
  const seed = site.importUsers(["ann"]).get("ann");
  await (await startWith(site, site.old)).stop();
  const { checkpoint } = site.must(["audit", "verify", ...site.place]);
  site.must(["keys", "rotate", ...both(site)]);
  const third = join(site.directory, "third.key");
  site.must(["keygen", "--out", third]);
  site.must(["keys", "rotate", "--data", site.data, "--master-key-file", third, "--previous-master-key-file", site.new]);
  const server = await startWith(site, third);
  assert.deepEqual((await server.verify(site.token, "ann", codeOfStep(seed, stepNow()))).json, { ok: true });
  await server.stop();
  assert.equal(site.must(["audit", "verify", ...site.place, "--since", checkpoint]).since, "extends");
});

test("half-way through a rotation every command works on rows of either key, given both [R20]", async () => {
  const site = newSite();
  const seeds = site.importUsers(["early"]);
  await (await startWith(site, site.old)).stop();
  await (await startWithBoth(site)).stop();  // begun, and nothing is sealed anew yet
  const place = ["--data", site.data, "--master-key-file", site.new];
  const csv = `user,secret\nlate,${base32(newSeed())}\n`;
  site.must(["users", "import", ...place, "--csv-stdin"], { input: csv });
  const keys = () => new Set(["early", "late"].map((user) => site.storeRows("credential", user)[0].key_id));
  assert.equal(keys().size, 2, "one row of either key");
  const works = (command, input) => assert.equal(countersign([...command, "--json"], { input }).status, 0, command.join(" "));
  for (const user of ["early", "late"]) {
    works(["users", "show", ...both(site), "--user", user]);
    works(["methods", "list", ...both(site), "--user", user]);
    works(["users", "show", ...place, "--user", user]);
  }
  const out = join(site.directory, "half.jsonl");
  assert.equal(site.must(["users", "export", ...both(site), "--with-seeds", "--out", out]).users, 2);
  assert.ok(readFileSync(out, "utf8").includes(base32(seeds.get("early"))));
  const alone = countersign(["users", "export", ...place, "--with-seeds", "--out", `${out}.2`]);
  assert.match(alone.stderr, /^countersign: [^\n]*--previous-master-key-file[^\n]*\[master_key\.previous_needed\]\n$/);
  works(["users", "import", ...place, "--csv-stdin", "--preview"], csv);
  works(["app-key", "create", ...place, "--name", "meanwhile"]);
  works(["realm", "create", ...place, "--name", "second"]);
  works(["audit", "verify", ...place]);
  works(["audit", "key", ...place]);
  works(["doctor", ...both(site)]);
  works(["backup", "--data", site.data, "--out", join(site.directory, "half.backup")]);
  works(["methods", "disable", "--data", site.data, "--user", "early", "--credential", site.storeRows("credential", "early")[0].credential]);
  works(["users", "delete", ...place, "--user", "early", "--yes"]);
  assert.equal(site.must(["keys", "rotate", ...both(site)]).ended, true);
});
