// SPDX-License-Identifier: Apache-2.0
// Runs one libFuzzer program: unpacks its first inputs, reads its figures, keeps what made it crash.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { vectorFiles } from "../package/vector_file.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const programs = `${process.env.COUNTERSIGN_BUILD ?? "build"}/fuzz/bin`;
const results = process.env.COUNTERSIGN_RESULTS ?? "build/test-results";

function vectorInputs({ vectors = [] }) {
  const wanted = new Map(vectors);
  return vectorFiles().filter(({ name }) => wanted.has(name)).flatMap(({ name, cases }) =>
    cases.flatMap((it) => wanted.get(name).filter((key) => it.has(key)).map((key) => Buffer.from(it.text(key)))));
}

export function corpusFile(name) {
  return join(here, "corpus", `${name}.hex`);
}

function corpusInputs(name) {
  if (!existsSync(corpusFile(name))) return [];
  const lines = readFileSync(corpusFile(name), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => Buffer.from(line, "hex"));
}

/** A new folder with the target's first inputs; the caller's to remove. */
export function unpackInputs(target) {
  const folder = mkdtempSync(join(tmpdir(), `countersign-fuzz-${target.name}-`));
  const inputs = [...corpusInputs(target.name), ...vectorInputs(target)].filter(({ length }) => length <= (target.longest ?? 4096));
  inputs.forEach((input, i) => writeFileSync(join(folder, `first-${i}`), input));
  return { folder, count: inputs.length };
}

/** Figures of libFuzzer's closing lines. */
function figuresOf(output) {
  const last = output.match(/^#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+).*$/gm)?.at(-1) ?? "";
  const [, , edges = "0", features = "0"] = /^#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+)/.exec(last) ?? [];
  const [, executions = "0"] = /number_of_executed_units: (\d+)/.exec(output) ?? [];
  const functions = new Set(output.match(/^COVERED_FUNC: .*\/core\/src\/.*$|^COVERED_FUNC: .*\/server\/src\/.*$/gm));
  return { executions: Number(executions), edges: Number(edges), features: Number(features), functions: functions.size };
}

/** @returns libFuzzer's exit status, its output, and its figures */
export async function runProgram(name, args, { folders = [] } = {}) {
  const child = spawn(join(programs, `fuzz_${name}`), [...args, ...folders], { stdio: ["ignore", "pipe", "pipe"] });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => chunks.push(chunk));
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const output = Buffer.concat(chunks).toString("utf8");
  return { status, output, ...figuresOf(output) };
}

/** Fuzzes one target for so many seconds from its first inputs. What crashed it stays in the results. */
export async function fuzz(target, { program = target.name, seconds, seed, keep }) {
  const { folder, count } = unpackInputs(target);
  const artifacts = join(results, "fuzz", `${program}-`);
  mkdirSync(dirname(artifacts), { recursive: true });
  const args = [
    `-max_total_time=${seconds}`, `-seed=${seed}`, "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1",
    "-print_coverage=1", "-reload=0", `-artifact_prefix=${artifacts}`,
    ...(target.longest === undefined ? [] : [`-max_len=${target.longest}`]),
    ...(target.dictionary === undefined ? [] : [`-dict=${join(here, "dictionaries", `${target.dictionary}.dict`)}`]),
  ];
  try {
    const run = await runProgram(program, args, { folders: [folder] });
    keep?.(folder);
    return { ...run, first: count };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The input that a run left, in hexadecimal, as a corpus file takes it. */
export function crashInput(output) {
  const [, file] = /Test unit written to (\S+)/.exec(output) ?? [];
  return file !== undefined && existsSync(file) ? readFileSync(file).toString("hex") : undefined;
}

/** Every input of a folder. */
export function inputsIn(folder) {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}
