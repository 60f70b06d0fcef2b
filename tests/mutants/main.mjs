// SPDX-License-Identifier: Apache-2.0
// Shows that the tests are green without a bug, then that each planted one turns them red.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMutants } from "./mutant.mjs";
import { Workshop } from "./workshop.mjs";

const build = join(process.env.COUNTERSIGN_BUILD ?? "build", "release");
const results = process.env.COUNTERSIGN_RESULTS ?? "build/test-results";
const scratch = join(process.env.COUNTERSIGN_BUILD ?? "build", "mutants");

/** Programs that another one has to run. */
const runners = {
  constant_time: ["valgrind", "--quiet", "--error-limit=no", "--suppressions=tests/constant-time/valgrind.supp", "--log-file=/dev/null"],
};

/** @returns {"green"|"red"|string} red only when the tests ran and said so */
function judge(path, { program, tests }) {
  const command = [...(runners[program] ?? []), path, ...(tests ? [tests] : []), "--warn", "NoTests", "--abort"];
  const { status, signal, stdout, error } = spawnSync(command[0], command.slice(1), { encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 28 });
  if (status === 0) return "green";
  if (error?.code === "ETIMEDOUT") return "red: it does not end";
  if (error) return `could not run: ${error.message}`;
  if (signal) return "red: it crashes";
  const failed = /^test cases:.*\b[1-9]\d* failed/m.exec(stdout);
  return failed ? "red" : `exit ${status} without a failed test:\n${stdout.slice(-2000)}`;
}

const outcomes = [];
function record(name, work) {
  const begun = performance.now();
  let complaint = "";
  try {
    complaint = work() ?? "";
  } catch (error) {
    complaint = error.message;
  }
  const seconds = (performance.now() - begun) / 1000;
  outcomes.push({ name, complaint, seconds });
  process.stdout.write(`${complaint ? "FAIL" : "ok  "}  ${seconds.toFixed(1).padStart(5)} s  ${name}\n${complaint ? `${complaint}\n` : ""}`);
}

const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const mutants = readMutants("tests/mutants").filter(({ name }) => asked.length === 0 || asked.includes(name));
const workshop = new Workshop(build, scratch);

const questions = new Map(mutants.map((mutant) => [`${mutant.program} ${mutant.tests}`, mutant]));
for (const [question, mutant] of questions) {
  record(`without a bug, ${question} is green`, () => {
    const verdict = judge(join(build, "bin", mutant.program), mutant);
    return verdict === "green" ? "" : verdict;
  });
}
for (const mutant of new Map(mutants.map((each) => [each.program, each])).values()) {
  record(`without a bug, ${mutant.program} made in the workshop is green`, () => {
    const verdict = judge(workshop.make(mutant.source, mutant.program), mutant);
    return verdict === "green" ? "" : verdict;
  });
}
for (const mutant of mutants) {
  record(`${mutant.name}: ${mutant.breaks}`, () => {
    try {
      workshop.plant(mutant);
      const verdict = judge(workshop.make(mutant.source, mutant.program), mutant);
      return verdict === "green" ? `survives ${mutant.program} ${mutant.tests}` : verdict.startsWith("red") ? "" : verdict;
    } finally {
      workshop.restore(mutant);
    }
  });
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.codePointAt(0)};`).replace(/[^\t\n\x20-\x7e]/g, "?");
const failures = outcomes.filter(({ complaint }) => complaint);
const cases = outcomes.map(({ name, complaint, seconds }) =>
  `<testcase classname="mutants" name="${escaped(name)}" time="${seconds.toFixed(3)}">${complaint ? `<failure message="${escaped(complaint)}"/>` : ""}</testcase>`);
mkdirSync(results, { recursive: true });
writeFileSync(join(results, "mutants.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="mutants" tests="${outcomes.length}" failures="${failures.length}" errors="0">
${cases.join("\n")}
</testsuite></testsuites>
`);
const killed = mutants.length - failures.filter(({ name }) => mutants.some((mutant) => name.startsWith(`${mutant.name}:`))).length;
process.stdout.write(`mutants: ${killed} of ${mutants.length} killed\n`);
process.exitCode = failures.length === 0 && mutants.length > 0 ? 0 : 1;
