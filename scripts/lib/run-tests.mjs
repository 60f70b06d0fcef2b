// SPDX-License-Identifier: Apache-2.0
// The body of scripts/test: reads the flags, builds and runs the suites, prints the closing lines.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { judgeClaims, readClaims, unknownIds } from "./claims.mjs";
import { buildOrder, suites, vectorSuites } from "./suites.mjs";
import { runTasks } from "./schedule.mjs";
import { Progress } from "./progress.mjs";
import { printClaims, printClosing, verdictOf } from "./report.mjs";
import { buildPart, readSuiteResults, resultsRoot, runSuite } from "./suite-run.mjs";
import { compareVectorRuns } from "./vectors.mjs";

function usageError(text) {
  process.stderr.write(`test: ${text}\ntest: the suites are: ${suites.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        suite: { type: "string", multiple: true },
        full: { type: "boolean" },
        long: { type: "boolean" },
        "list-claims": { type: "boolean" },
        list: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return usageError(error.message);
  }
}

/** Every test of the last run of every suite, with the suite's name. */
function lastResults() {
  return suites.flatMap(({ name }) => readSuiteResults(name).map((test) => ({ ...test, suite: name })));
}

function judge(tests) {
  const document = readClaims(readFileSync("docs/claims.md", "utf8"));
  return { claims: judgeClaims(document, tests), unknown: unknownIds(document, tests) };
}

/** What ends a whole run beyond its suites: owned ids without proof, vectors not run alike. */
function wholeRunComplaints() {
  const { claims, unknown } = judge(lastResults());
  const unproven = claims.filter(({ owned, proven }) => owned && !proven);
  const logs = new Map(vectorSuites.map((name) => {
    const file = `${resultsRoot}/${name}/log.txt`;
    return [name, existsSync(file) ? readFileSync(file, "utf8") : ""];
  }));
  const vectorFiles = readdirSync("tests/vectors").filter((file) => file.endsWith(".vec"));
  return [
    ...unproven.map(({ id, claim }) => `claim ${id} is owned and no test proves it: ${claim}`),
    ...unknown.map((id) => `a test carries the id ${id}, which docs/claims.md does not list`),
    ...(vectorFiles.length === 0 ? ["tests/vectors holds no .vec file"] : []),
    ...compareVectorRuns(logs, vectorFiles).map((text) => `vectors: ${text}`),
  ];
}

async function runAll(chosen, flags) {
  const progress = new Progress();
  const needsOf = ({ needs, needsFull = [] }) => (flags.full || flags.long ? [...needs, ...needsFull] : needs);
  const parts = buildOrder.filter((part) => chosen.some((suite) => needsOf(suite).includes(part)));
  const tasks = [
    ...parts.map((part) => ({
      name: `building ${part}`, after: [], alone: true, run: () => progress.watch(`building ${part}`, () => buildPart(part)),
    })),
    ...chosen.map((suite) => ({
      name: suite.name, after: needsOf(suite).map((part) => `building ${part}`), alone: suite.alone ?? false,
      run: () => progress.watch(suite.name, () => runSuite(suite, flags)),
    })),
  ];
  const outcomes = await runTasks(tasks, 2);
  progress.end();
  return outcomes;
}

function announceForms(chosen, flags) {
  for (const form of ["full", "long"]) {
    if (!flags[form]) continue;
    for (const suite of chosen) process.stdout.write(`test: ${suite.name} --${form}: ${suite[form] ?? "adds nothing yet"}\n`);
  }
}

const flags = readFlags();
const unknownSuite = flags.suite?.find((name) => !suites.some((suite) => suite.name === name));
if (unknownSuite !== undefined) usageError(`there is no suite '${unknownSuite}'`);

if (flags.list) {
  process.stdout.write(suites.map(({ name }) => `${name}\n`).join(""));
} else if (flags["list-claims"]) {
  process.exitCode = printClaims(judge(lastResults())) ? 0 : 1;
} else {
  const chosen = flags.suite ? suites.filter(({ name }) => flags.suite.includes(name)) : suites;
  announceForms(chosen, flags);
  const outcomes = await runAll(chosen, flags);
  const verdicts = chosen.map((suite) => verdictOf(suite.name, outcomes.get(suite.name), readSuiteResults(suite.name)));
  const complaints = flags.suite ? [] : wholeRunComplaints();
  process.exitCode = printClosing(verdicts, complaints) ? 0 : 1;
}
