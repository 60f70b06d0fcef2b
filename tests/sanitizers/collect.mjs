// SPDX-License-Identifier: Apache-2.0
// Runs a command under a sanitizer's options and collects what any process below it has reported. Each process opens
// a file of its own in one folder before its first word, so that whoever is killed, detached or read by nobody is
// heard as well; the folder is read when all is over, whatever the command's own exit was.
import { spawn } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
export const buildRoot = resolve(root, process.env.COUNTERSIGN_BUILD ?? "build");

/** Exit code of a process that has ended itself upon a fault; no command of ours has it. */
export const faultExit = 86;

/** The presets under which the server is run, and the library that shows a program to be of one. */
export const presets = {
  asan: { library: "libasan.so", through: [] },
  // GCC 12's runtime wants the addresses where older kernels put them.
  tsan: { library: "libtsan.so", through: ["setarch", "--addr-no-randomize"] },
};

const options = (list) => list.join(":");

/** What a process and its children find in their environment. */
export function environmentOf(preset, folder) {
  const common = ["halt_on_error=1", `exitcode=${faultExit}`];
  const suppressions = join(root, "tests/sanitizers/tsan.suppressions");
  // A preloaded library (faketime, a planted fault) comes before the runtime, and may: none of them allocates.
  return {
    SANITIZERS_PRESET: preset,
    ASAN_OPTIONS: options([...common, `log_path=${folder}/asan`, "detect_leaks=1", "detect_stack_use_after_return=1",
      "strict_string_checks=1", "check_initialization_order=1", "verify_asan_link_order=0"]),
    UBSAN_OPTIONS: options([...common, `log_path=${folder}/asan`, "print_stacktrace=1"]),  // see cmake/ubsan_report.cpp
    TSAN_OPTIONS: options([...common, `log_path=${folder}/tsan`, "second_deadlock_stack=1", `suppressions=${suppressions}`]),
  };
}

/** @returns {{file: string, text: string}[]} a file that is there counts, even when its process was killed before the first word */
export function reportsIn(folder) {
  return readdirSync(folder).sort().map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
}

const running = new Set();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    for (const child of running) process.kill(-child.pid, "SIGKILL");
    process.exit(1);
  });
}

/**
 * Runs to the end, and then ends what was left behind.
 * @param {string} preset
 * @param {string[]} command
 * @param {{folder: string, log?: string, env?: object, minutes?: number}} options  `folder`: for the reports, emptied first;
 *   `log`: a file for what the command prints
 * @returns {Promise<{exit: number | null, timedOut: boolean, reports: {file: string, text: string}[]}>}
 */
export async function runUnder(preset, command, { folder, log, env = {}, minutes = 15 }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o1777);  // a test may start a server as another user
  const output = log === undefined ? "ignore" : openSync(log, "w");
  const [program, ...args] = [...presets[preset].through, ...command];
  const child = spawn(program, args, {
    cwd: root, detached: true, stdio: ["ignore", output, output],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...environmentOf(preset, folder), ...env },
  });
  running.add(child);
  let timedOut = false;
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  const timer = setTimeout(() => { timedOut = true; end(); }, minutes * 60_000);
  const exit = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => done(code));
  });
  clearTimeout(timer);
  end();
  running.delete(child);
  if (log !== undefined) closeSync(output);
  return { exit, timedOut, reports: reportsIn(folder) };
}
