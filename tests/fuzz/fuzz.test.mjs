// SPDX-License-Identifier: Apache-2.0
// Each target for some seconds, and each planted defect until it is found.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { crashInput, fuzz } from "./fuzzer.mjs";
import { planted, targets } from "./targets.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.env.COUNTERSIGN_FUZZ_SECONDS || 4);
const seed = Number(process.env.COUNTERSIGN_SEED || randomInt(1, 2 ** 31));
const longestSearch = 60;
process.stdout.write(`seed ${seed}, ${seconds} s each: tests/fuzz/run --seed ${seed}\n`);

function howToKeep(target, run) {
  const told = run.output.split("\n").filter((line) => !/COVERED_|^COVERAGE/.test(line)).slice(-60).join("\n");
  return `${target.name} ended with ${run.status} (seed ${seed}).\n` +
    `As a line of tests/fuzz/corpus/${target.name}.hex:\n${crashInput(run.output)}\n${told}`;
}

test("every source in targets/ is fuzzed, and nothing else is", () => {
  const sources = readdirSync(join(here, "targets")).map((file) => basename(file, ".cpp"));
  assert.deepEqual(sources.sort(), targets.map(({ name }) => name).sort());
});

for (const target of targets) {
  const ids = target.ids === undefined ? "" : ` ${target.ids}`;
  test(`${target.name}: no input breaks an invariant or memory${ids}`, async () => {
    const run = await fuzz(target, { seconds, seed });
    assert.equal(run.status, 0, howToKeep(target, run));
    assert.ok(run.executions > 0 && run.edges > 0, `${target.name}: nothing was run\n${run.output}`);
    process.stdout.write(`${target.name}: ${run.executions} executions, ${run.edges} edges, ${run.features} features, ` +
      `${run.functions} functions of the tree, ${run.first} first inputs\n`);
  });
}

for (const { name, like, crash } of planted) {
  test(`${name}: a planted defect is found`, async () => {
    const target = targets.find((it) => it.name === like);
    const run = await fuzz(target, { program: name, seconds: longestSearch, seed });
    assert.notEqual(run.status, 0, `not found in ${longestSearch} s by ${run.executions} executions (seed ${seed})`);
    assert.match(run.output, crash);
    process.stdout.write(`${name}: found after ${run.executions} executions\n`);
  });
}
