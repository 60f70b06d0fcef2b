// SPDX-License-Identifier: Apache-2.0
// The module of policies: its names, and its glue.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { gluePath, root, startModule } from "./module.mjs";

const policyGlue = join(dirname(gluePath), "policy.mjs");

test("the policy module has exactly the names that raw-policy.ts types", async () => {
  const { core } = await startModule("policy", policyGlue);
  const typed = await readFile(join(root, "js-bindings/src/wasm/raw-policy.ts"), "utf8");
  const body = /export interface RawPolicy \{(.*?)\n\}/s.exec(typed)[1];
  const names = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  assert.deepEqual(names.filter((name) => typeof core[name] !== "function"), []);
  const sources = await Promise.all(["policy", "audit"].map((name) => readFile(join(root, `wasm/bindings_${name}.cpp`), "utf8")));
  const bound = [...sources.join("\n").matchAll(/emscripten::function\("(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(bound.sort(), names.sort());
});

test("the policy module's glue makes no code at run time [L37]", async () => {
  assert.doesNotMatch(await readFile(policyGlue, "utf8"), /\bnew Function\b|\bFunction\(|\beval\(/);
});

test("too few numbers are refused, not read as a policy", async () => {
  const { core } = await startModule("policy", policyGlue);
  for (const numbers of [[], [1], Array(23).fill(1)]) assert.equal(core.judgePolicy(numbers).ok, false);
});
