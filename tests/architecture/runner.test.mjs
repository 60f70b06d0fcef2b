// SPDX-License-Identifier: Apache-2.0
// The parts of scripts/test that decide whether a run passed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { idsIn, judgeClaims, readClaims, unknownIds } from "../../scripts/lib/claims.mjs";
import { count, readJunit } from "../../scripts/lib/junit.mjs";
import { verdictOf } from "../../scripts/lib/report.mjs";
import { runTasks } from "../../scripts/lib/schedule.mjs";
import { compareVectorRuns, readVectorLines } from "../../scripts/lib/vectors.mjs";

const catchXml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="core_tests" errors="0" failures="1" tests="3">
  <testcase classname="core_tests.global" name="a > b &amp; &quot;c&quot; [R8]" time="0.01"/>
  <testcase classname="core_tests.global" name="broken" time="0.02"><failure message="1 == 2" type="REQUIRE">at x.cpp:1</failure></testcase>
  <system-out>&lt;testcase name="no"/&gt;</system-out>
</testsuite></testsuites>`;

const nodeXml = `<testsuites><testsuite name="group [L1]" time="1" tests="2">
  <testcase name="inner" time="0.1" classname="test"/>
  <testcase name="left" time="0.1" classname="test"><skipped type="skipped" message="no camera"/></testcase></testsuite>
  <testcase name="outer" time="0.1" classname="test"/>
  <!-- <testcase name="a comment"/> --></testsuites>`;

test("JUnit of Catch2 and of node is read, with the outer names", () => {
  const cases = readJunit(catchXml);
  assert.deepEqual(count(cases), { passed: 1, failed: 1, skipped: 0 });
  assert.equal(cases[0].name, 'core_tests / a > b & "c" [R8]');
  const own = readJunit(nodeXml);
  assert.deepEqual(own.map(({ name, outcome }) => `${outcome} ${name}`),
    ["passed group [L1] / inner", "skipped group [L1] / left", "passed outer"]);
  assert.equal(own[1].reason, "no camera");
});

test("a suite that ran nothing, or fails without a failed test, counts a failure", () => {
  assert.equal(verdictOf("x", "passed", []).failed, 1);
  assert.equal(verdictOf("x", "blocked", readJunit(nodeXml)).failed, 1);
  assert.equal(verdictOf("x", "failed", readJunit(nodeXml)).failed, 1);
  assert.equal(verdictOf("x", "passed", readJunit(nodeXml)).failed, 0);
  assert.equal(verdictOf("x", "passed", readJunit(nodeXml.replace("outer\" time=\"0.1\" classname=\"test\"/>", 'outer"><failure/></testcase>'))).failed, 1);
});

const claimsText = "Owned now: 2, 3\n\n| id | claim | issue |\n|---|---|---|\n| R8 | it names | 2 |\n| R14 | one answer | 3 |\n| A1 | later | 9 |\n";

test("an owned id is proven by a passing test that carries it, and by nothing less", () => {
  const document = readClaims(claimsText);
  const judged = (tests) => judgeClaims(document, tests).filter(({ owned }) => owned).map(({ proven }) => proven);
  const named = (name, outcome) => ({ suite: "core", name, outcome });
  assert.deepEqual(judged([]), [false, false]);
  assert.deepEqual(judged([named("x [R8]", "passed"), named("y [R14a]", "passed")]), [true, true]);
  assert.deepEqual(judged([named("x [R8]", "skipped"), named("y [R14b]", "failed")]), [false, false]);
  assert.deepEqual(judged([named("x [R8]", "passed"), named("z [R8]", "failed"), named("R14", "passed")]), [false, false]);
});

test("a misspelled id is found, and a claims document without its line or rows is refused", () => {
  assert.deepEqual(unknownIds(readClaims(claimsText), [{ suite: "core", name: "x [R8] [L99]" }]), ["L99"]);
  assert.deepEqual([...idsIn("x [R14a] [otp] [U2]")], ["R14a", "R14", "U2"]);
  assert.throws(() => readClaims(claimsText.replace("Owned now", "Owned")), /no line/);
  assert.throws(() => readClaims("Owned now: 2\n"), /no row/);
});

test("three vector runners that differ in any file are found", () => {
  const log = (a, b) => `a.vec: ${a} run / 5 in file\nb.vec: ${b} run / 2 in file\n`;
  const runs = (text) => new Map([["core", log(5, 2)], ["wasm", log(5, 2)], ["package", text]]);
  assert.deepEqual(compareVectorRuns(runs(log(5, 2)), ["a.vec", "b.vec"]), []);
  assert.equal(compareVectorRuns(runs(log(4, 2)), ["a.vec", "b.vec"]).length, 1);
  assert.equal(compareVectorRuns(runs(log(5, 2)), ["a.vec", "b.vec", "c.vec"]).length, 3);
  assert.equal(compareVectorRuns(runs(log(5, 2).replace("5 run / 5", "6 run / 6")), ["a.vec", "b.vec"]).length, 1);
  assert.equal(compareVectorRuns(runs(""), ["a.vec", "b.vec"]).length, 2);
  assert.equal(readVectorLines("b.vec: 2 run / 2 in file").get("b.vec").run, 2);
});

test("what is alone runs alone, what depends waits, and a failed build blocks what needs it", async () => {
  const events = [];
  let open = 0;
  const task = (name, options = {}) => ({
    name, after: [], alone: false, ...options,
    run: async () => {
      open += 1;
      events.push(`${name}:${open}`);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return options.passes ?? true;
    },
  });
  const outcomes = await runTasks([
    task("good", { alone: true }), task("bad", { alone: true, passes: false }),
    task("a", { after: ["good"] }), task("b"), task("c", { after: ["bad"] }), task("d", { after: ["elsewhere"] }), task("e", { alone: true }),
  ], 2);
  assert.deepEqual(events, ["good:1", "bad:1", "a:1", "b:2", "d:2", "e:1"]);
  assert.equal(outcomes.get("c"), "blocked");
  assert.equal(outcomes.get("bad"), "failed");
  assert.equal(outcomes.get("e"), "passed");
});

test("an unknown suite exits 2 and names the suites", () => {
  const root = new URL("../../", import.meta.url).pathname;
  const { status, stderr } = spawnSync(process.execPath, ["scripts/lib/run-tests.mjs", "--suite", "nonesuch"], { cwd: root, encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /no suite 'nonesuch'/);
  assert.match(stderr, /architecture, core, .*wasm/);
});
