// SPDX-License-Identifier: Apache-2.0
// docs/race-matrix.md is written by a run of the suite `race`: here only that it is of this tree, row by row.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { judgeRun, rows } from "../race/matrix.mjs";

const sources = readdirSync("tests/race").filter((name) => /\.(test\.mjs|cpp)$/.test(name)).map((name) => readFileSync(`tests/race/${name}`, "utf8"));

test("the race matrix has a row for each race, in its order, and each has held", () => {
  const written = readFileSync("docs/race-matrix.md", "utf8").split("\n").filter((line) => line.startsWith("| ")).slice(1)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
  assert.deepEqual(written.map((cells) => cells.slice(0, 4)), rows.map(({ operation, callers, rounds, demanded }) => [operation, callers, rounds, demanded]));
  for (const [operation, , , , result] of written) assert.equal(result, "held", operation);
});

test("a run that lacks a race, failed one or raced something unnamed is told as such", () => {
  const name = "one receipt redeemed 16 times at once, 20 rounds: one yes [R4]";
  const { text, complaints } = judgeRun([{ name, outcome: "passed" }, { name: "something new", outcome: "passed" }]);
  assert.match(text, /\| receipt, redeem \| .* \| held \| R4 \|/);
  assert.match(text, /\*\*not proven\*\*/);
  assert.equal(complaints.length, rows.length);
  assert.ok(complaints.includes("no row for: something new"));
  assert.deepEqual(judgeRun([{ name, outcome: "failed" }]).complaints.filter((line) => line.startsWith("receipt")), ["receipt, redeem: failed"]);
});

test("every race that is written in this tree finds a row", () => {
  const names = sources.flatMap((text) => [...text.matchAll(/(?:^|\n) *(?:test|TEST_CASE)\(\s*["`]([^"`]+)["`]/g)].map(([, name]) => name))
    .map((name) => name.replace("${name} confirmed", "OTP over email confirmed").replace(/\$\{[^}]*\}/g, "16"));
  assert.ok(names.length >= rows.length - 4, `${names.length} races`);
  for (const name of names) assert.ok(rows.some(({ test: fits }) => fits.test(name)), name);
});
