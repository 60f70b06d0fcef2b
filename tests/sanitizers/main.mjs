// SPDX-License-Identifier: Apache-2.0
// The long form of the suite: every test file of the suites server, race, hostile and operations, and the Catch2 programs
// of the store, against the builds asan and tsan. One run and one folder of reports for each file, so that a report
// has a place. A report is a failure, whatever the tests themselves have made of it.
//
//   node tests/sanitizers/main.mjs [--preset asan|tsan] [--only TEXT]    TEXT: a part of the file's path
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runTasks } from "../../scripts/lib/schedule.mjs";
import { buildRoot, presets, root, runUnder } from "./collect.mjs";
import { leftOut } from "./left_out.mjs";

const results = resolve(root, process.env.COUNTERSIGN_RESULTS ?? "build/test-results");
const folders = ["tests/server/http", "tests/server/mail", "tests/cli", "tests/race", "tests/hostile", "tests/operations"];
const programs = ["store_tests", "store_race"];
/** What loads the machine or waits for exact moments: nothing runs beside it. */
const alone = ["tests/race/", "tests/hostile/", "tests/operations/"];

const say = (text) => process.stdout.write(`sanitizers: ${text}\n`);
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What cannot be run so, as `node --test` is told; checked against the file. */
function leftOutOf(file, preset) {
  return leftOut.filter((one) => one.file === file && (one.presets ?? Object.keys(presets)).includes(preset));
}

function checkLeftOut(files) {
  for (const { file, names = [] } of leftOut) {
    if (!files.includes(file)) throw new Error(`left_out.mjs names ${file}, which is not there`);
    const source = readFileSync(join(root, file), "utf8");
    for (const name of names) if (!source.includes(name)) throw new Error(`left_out.mjs names a test that ${file} does not hold: ${name}`);
  }
}

function commandFor(preset, unit, xml) {
  if (programs.includes(unit)) return [join(buildRoot, preset, "bin", unit), "-r", "junit", "-o", xml];
  const skipped = leftOutOf(unit, preset).flatMap(({ names }) => names)
    .map((name) => `--test-skip-pattern=/^${name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}/`);
  return [process.execPath, "--test", "--test-timeout=600000", ...skipped, "--test-reporter=spec", "--test-reporter-destination=stdout",
    "--test-reporter=junit", `--test-reporter-destination=${xml}`, unit];
}

/** @returns {Promise<string | undefined>} what is wrong */
async function runUnit(preset, unit) {
  const name = `${preset}-${unit.replace(/^tests\//, "").replace(/\.test\.mjs$/, "").replaceAll("/", "-")}`;
  const xml = join(results, `sanitizers-${name}.xml`);
  const log = join(results, `${name}.txt`);
  const { exit, timedOut, reports } = await runUnder(preset, commandFor(preset, unit, xml), { folder: join(results, "reports", name), log });
  if (reports.length > 0) {
    for (const { file, text } of reports) process.stdout.write(`--- ${name}/${file}\n${text}\n`);
    return `${reports.length} reports of a sanitizer, see ${reports[0].file}: ${/^.*(ERROR|WARNING|runtime error).*$/m.exec(reports[0].text)?.[0] ?? ""}`;
  }
  if (exit === 0 && readFileSync(xml, "utf8").includes("<testcase")) return undefined;
  process.stdout.write(readFileSync(log, "utf8"));
  return timedOut ? "did not end" : exit === 0 ? "ran no test" : `exit ${exit}`;
}

function writeOutcome(preset, outcomes) {
  const cases = outcomes.map(({ unit, wrong, reason, seconds }) => {
    const name = `${unit} under ${preset}: its tests pass and no process of theirs reports a fault`;
    const inner = wrong ? `<failure message="${escape(wrong)}"/>` : reason ? `<skipped message="${escape(reason)}"/>` : "";
    return `<testcase name="${escape(name)}" time="${seconds}">${inner}</testcase>`;
  });
  writeFileSync(join(results, `sanitizers-${preset}.xml`), `<testsuite name="sanitizers">${cases.join("\n")}</testsuite>\n`);
}

function checkBuild(preset) {
  const binary = join(buildRoot, preset, "bin/countersign");
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run scripts/build asan-server tsan`);
  if (!readFileSync(binary).includes(presets[preset].library)) throw new Error(`${binary} is not of the build ${preset}`);
}

/** @returns {Promise<{unit: string, wrong?: string, reason?: string, seconds: string | number}>} */
async function outcomeOf(preset, unit) {
  const left = leftOutOf(unit, preset);
  for (const { names = ["all of it"], reason } of left) for (const name of names) say(`${preset}: ${unit}: left out: ${name}: ${reason}`);
  const whole = left.find(({ names }) => names === undefined);
  if (whole) return { unit, reason: whole.reason, seconds: 0 };
  const begun = performance.now();
  const wrong = await runUnit(preset, unit);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`${preset}: ${unit}: ${wrong ?? "clean"} (${seconds} s)`);
  return { unit, wrong, seconds };
}

async function runPreset(preset, units) {
  checkBuild(preset);
  const outcomes = [];
  const ended = await runTasks(units.map((unit) => ({
    name: unit, after: [], alone: alone.some((part) => unit.startsWith(part)),
    run: async () => {
      outcomes.push(await outcomeOf(preset, unit));
      writeOutcome(preset, outcomes);
      return true;
    },
  })), 2);
  const broken = [...ended].filter(([, outcome]) => outcome !== "passed").map(([unit]) => unit);
  if (broken.length > 0) throw new Error(`could not be run: ${broken}`);
  return outcomes.every(({ wrong }) => wrong === undefined);
}

const { values: flags } = parseArgs({ options: { preset: { type: "string", multiple: true }, only: { type: "string", multiple: true } } });
mkdirSync(results, { recursive: true });
for (const file of readdirSync(results)) if (/^sanitizers-[at]san.*\.xml$/.test(file)) rmSync(join(results, file));
const files = folders.flatMap((folder) => readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.mjs")).map((file) => `${folder}/${file}`));
checkLeftOut(files);
const units = [...programs, ...files].filter((unit) => (flags.only ?? [""]).some((part) => unit.includes(part)));
if (units.length === 0) throw new Error(`no test file has ${flags.only} in its path`);
let clean = true;
for (const preset of flags.preset ?? Object.keys(presets)) clean = await runPreset(preset, units) && clean;
process.exitCode = clean ? 0 : 1;
