// SPDX-License-Identifier: Apache-2.0
// Runs one build part or one suite as a child of its own process group, its output in a file.
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { readJunit } from "./junit.mjs";
import { suiteMinutes } from "./suites.mjs";

export const resultsRoot = process.env.COUNTERSIGN_RESULTS;

const running = new Set();

/** Ends a child and all that it started. */
function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    for (const child of running) endGroup(child, "SIGTERM");
    process.stderr.write(`test: ended by ${signal}\n`);
    process.exit(1);
  });
}

function runLogged(command, args, { log, env = {}, minutes }) {
  const output = openSync(log, "w");
  const child = spawn(command, args, {
    stdio: ["ignore", output, output], detached: true, env: { ...process.env, ...env },
  });
  running.add(child);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child, "SIGKILL");
  }, minutes * 60_000);
  return new Promise((resolve) => {
    const ended = (ok, note) => {
      clearTimeout(timer);
      running.delete(child);
      endGroup(child, "SIGKILL");
      closeSync(output);
      resolve({ ok, note, log });
    };
    child.once("error", (error) => ended(false, `could not start: ${error.message}`));
    child.once("exit", (code, signal) => ended(code === 0,
      timedOut ? `ended after ${minutes} min` : code === null ? `ended by ${signal}` : `exit ${code}`));
  });
}

export function buildPart(part) {
  mkdirSync(resultsRoot, { recursive: true });
  return runLogged("scripts/build", [part], { log: `${resultsRoot}/build-${part}.txt`, minutes: 40 });
}

/** @param {import("./suites.mjs").Suite} suite */
export function runSuite(suite, flags) {
  const folder = `${resultsRoot}/${suite.name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = flags.full || flags.long ? ["--full"] : [];
  if (flags.long && suite.long) args.push("--long");
  const minutes = flags.long ? 24 * 60 : suiteMinutes * (flags.full ? 8 : 1);
  return runLogged(`tests/${suite.name}/run`, args, { log: `${folder}/log.txt`, env: { COUNTERSIGN_RESULTS: folder }, minutes });
}

/** Every test in the JUnit files that the suite's last run left. */
export function readSuiteResults(name) {
  const folder = `${resultsRoot}/${name}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith(".xml")).sort()
    .flatMap((file) => readJunit(readFileSync(`${folder}/${file}`, "utf8")));
}
