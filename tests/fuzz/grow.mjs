// SPDX-License-Identifier: Apache-2.0
// Fuzzes each target for so many seconds and writes the smallest inputs that reach something new into its
// corpus file. Comments, and the lines that follow them up to the next, are kept as they are.
import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { corpusFile, fuzz, inputsIn, runProgram, unpackInputs } from "./fuzzer.mjs";
import { targets } from "./targets.mjs";

const grownMark = "# grown: found by fuzzing, and reaching what the others do not";
const mostInputs = 80;
const mostBytes = 200;

function keptLines(name) {
  if (!existsSync(corpusFile(name))) return [];
  const lines = readFileSync(corpusFile(name), "utf8").trimEnd().split("\n");
  const grown = lines.indexOf(grownMark);
  return grown < 0 ? lines : lines.slice(0, grown);
}

/** The inputs of `found` that still reach something new beyond the target's own first inputs. */
async function smallest(target, found) {
  const { folder } = unpackInputs(target);
  const before = new Set(inputsIn(folder).map((input) => input.toString("hex")));
  try {
    await runProgram(target.name, ["-merge=1"], { folders: [folder, found] });
    const added = inputsIn(folder).filter((input) => !before.has(input.toString("hex")) && input.length <= mostBytes);
    return added.sort((a, b) => a.length - b.length).slice(0, mostInputs).map((input) => input.toString("hex"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const seconds = Number(process.argv[2]);
const seed = Number(process.env.COUNTERSIGN_SEED || 1);
for (const target of targets) {
  const found = mkdtempSync(join(tmpdir(), "countersign-grown-"));
  const kept = keptLines(target.name);
  try {
    const keep = (folder) => inputsIn(folder).forEach((input, i) => writeFileSync(join(found, String(i)), input));
    const run = await fuzz(target, { seconds, seed, keep });
    const lines = await smallest(target, found);
    writeFileSync(corpusFile(target.name), `${[...kept, grownMark, ...lines].join("\n")}\n`);
    process.stdout.write(`${target.name}: ${run.executions} executions, ${run.edges} edges, ${lines.length} inputs kept\n`);
  } finally {
    rmSync(found, { recursive: true });
  }
}
