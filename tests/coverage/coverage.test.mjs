// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { judge, tableOf } from "./judge.mjs";
import { measure } from "./measure.mjs";

const sources = readdirSync("core/src", { recursive: true }).filter((path) => path.endsWith(".cpp"));

test("the core's tests run at least 98 % of the lines and 90 % of the branches of core/src", () => {
  assert.ok(sources.length > 20, `core/src has only ${sources.length} sources`);
  const files = measure();
  console.log(tableOf(files));
  assert.deepEqual(judge(files, sources), []);
});

test("a part of the tests is found to be too little", () => {
  const complaints = judge(measure("[steam]"), sources).join("\n");
  assert.match(complaints, /lines are run: .* less than 98 %/);
  assert.match(complaints, /branches are run: .* less than 90 %/);
});

test("a source that no test links, and a report without any, are found", () => {
  const full = { count: 10, covered: 10 };
  assert.deepEqual(judge([{ path: "a.cpp", lines: full, branches: full, missed: [] }], ["a.cpp", "b.cpp"]), ["b.cpp is in no test"]);
  assert.equal(judge([], []).length, 2);
});

test("a hundredth of a percent below is below", () => {
  const judged = (lines, branches) => judge([{ path: "a.cpp", missed: [],
    lines: { count: 10_000, covered: lines }, branches: { count: 10_000, covered: branches } }], []);
  assert.equal(judged(9_800, 9_000).length, 0);
  assert.equal(judged(9_799, 9_000).length, 1);
  assert.equal(judged(9_800, 8_999).length, 1);
});
