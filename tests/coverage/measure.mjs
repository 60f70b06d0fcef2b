// SPDX-License-Identifier: Apache-2.0
// Runs the instrumented tests and reads what clang counted: lines and branches of each file of core/src.
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const program = join(process.env.COUNTERSIGN_BUILD ?? "build", "coverage/bin/core_tests");
const sources = realpathSync("core/src");

const call = (command, args, env = {}) => execFileSync(command, args, {
  env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"],
});

/**
 * @typedef {{path: string, lines: {count: number, covered: number}, branches: {count: number, covered: number},
 *   missed: string[]}} FileCoverage `missed` names each branch that went one way only
 * @param {string[]} filter which tests to run, as the program takes them; none for all
 * @returns {FileCoverage[]}
 */
export function measure(...filter) {
  const folder = mkdtempSync(join(tmpdir(), "coverage-"));
  try {
    const [raw, merged] = [join(folder, "raw"), join(folder, "merged")];
    call(program, filter, { LLVM_PROFILE_FILE: raw });
    call("llvm-profdata-14", ["merge", "-sparse", raw, "-o", merged]);
    const [{ files }] = JSON.parse(call("llvm-cov-14", ["export", program, `-instr-profile=${merged}`, sources])).data;
    return files.map(read).sort((a, b) => (a.path < b.path ? -1 : 1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read({ filename, summary, branches }) {
  const places = new Map();  // a template has a branch for each instance
  for (const [line, column, , , yes, no] of branches) {
    const place = places.get(`${line}:${column}`) ?? { yes: 0, no: 0 };
    places.set(`${line}:${column}`, { yes: place.yes + yes, no: place.no + no });
  }
  // Neither way: decided at compile time, or on a line that is counted as not run.
  const oneWay = [...places].filter(([, { yes, no }]) => (yes === 0) !== (no === 0));
  return {
    path: relative(sources, filename),
    lines: summary.lines,
    branches: summary.branches,
    missed: oneWay.map(([place, { yes }]) => `${place} is never ${yes === 0 ? "taken" : "left out"}`),
  };
}
