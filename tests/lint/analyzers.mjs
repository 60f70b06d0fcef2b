// SPDX-License-Identifier: Apache-2.0
// The two analyzers as this tree calls them. Each answers with what it complains about, nothing when clean.
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);
const build = process.env.COUNTERSIGN_BUILD ?? "build";

async function complaintsOf(command, args) {
  try {
    await run(command, args, { maxBuffer: 1 << 26 });
    return "";
  } catch (error) {
    if (typeof error.code !== "number") throw error;  // it did not start
    return `${error.stdout}${error.stderr}` || `${command} ended with ${error.code}`;
  }
}

/** @param {string[]} paths files or folders */
export const cppcheck = (paths) => complaintsOf("cppcheck", [
  "--enable=warning,performance,portability,style", "--std=c++20", "--language=c++", "--quiet", "--error-exitcode=1",
  "--suppressions-list=tests/lint/cppcheck.suppressions", "-DEMSCRIPTEN_BINDINGS(name)=static void bind_##name()",
  "-Icore/include", "-Iserver/src", ...paths,
]);

/** @param {string} source one .cpp that no build knows */
export const clangTidyAlone = (source) => complaintsOf("clang-tidy", ["--quiet", "--config-file=.clang-tidy", source, "--", "-std=c++20"]);

/** Emscripten's own headers, which its compiler adds to what stands in the build's commands. */
async function wasmFlags() {
  const { stdout } = await run("em-config", ["CACHE"]);
  return ["--target=wasm32-unknown-emscripten", `--sysroot=${stdout.trim()}/sysroot`].map((flag) => `--extra-arg=${flag}`);
}

/** Version 14's analyzer loses itself in coroutines: it reports Asio's own pointers there, which no line of ours can mend. */
const checksFor = (source) => (/\/http\/(listener|connection|connection_stream)\.cpp$/.test(source) ? ["--checks=-clang-analyzer-*"] : []);

/** @param {string[]} sources .cpp files of the release build, or all of wasm/ */
export async function clangTidy(sources) {
  const flags = sources[0].startsWith("wasm/") ? [`-p=${build}/wasm`, ...await wasmFlags()] : [`-p=${build}/release`];
  const waiting = [...sources];
  const complaints = [];
  const work = async () => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      complaints.push(await complaintsOf("clang-tidy", ["--quiet", ...flags, ...checksFor(source), source]));
    }
  };
  const workers = process.env.COUNTERSIGN_LINT_ALL ? availableParallelism() : 1;
  await Promise.all(Array.from({ length: workers }, work));
  return complaints.join("");
}
