// SPDX-License-Identifier: Apache-2.0
// wrk as the load generator, and what the kernel says of processes: CPU time and memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("verify.lua", import.meta.url));
const kTicksPerSecond = 100;

/** wrk's `1.23ms` in milliseconds. */
function milliseconds(text) {
  const [, number, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text);
  return Number(number) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
}

/** `0m1.234s` in seconds. */
const seconds = (text) => Number(text.split("m")[0]) * 60 + Number(text.split("m")[1].slice(0, -1));

/**
 * One run of wrk, one thread of it.
 * @param {{port: number, token: string, bodies: string, connections: number, seconds: number, pause?: number}} options
 *   pause: milliseconds that a connection waits before each request, on average
 * @returns {Promise<{requests: number, took: number, perSecond: number, p50: number, p99: number, cpu: number, trouble?: string}>}
 *   latencies in milliseconds; cpu: wrk's own, in seconds
 */
export async function load({ port, token, bodies, connections, seconds: duration, pause = 0 }) {
  const wrk = ["wrk", "-t1", `-c${connections}`, `-d${duration}s`, "--latency", "-s", script, `http://127.0.0.1:${port}`];
  const child = spawn("bash", ["-c", '"$@"; times', "bash", ...wrk], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, BENCH_TOKEN: token, BENCH_BODIES: bodies, BENCH_PAUSE: String(pause) },
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => { text += part; });
  await once(child, "close");
  const took = Number(/requests in ([\d.]+)s/.exec(text)[1]);
  const requests = Number(/(\d+) requests in/.exec(text)[1]);
  const [user, system] = text.trimEnd().split("\n").at(-1).split(" ").map(seconds);
  return {
    requests, took, perSecond: requests / took, cpu: user + system,
    p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(text)[1]), p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(text)[1]),
    trouble: /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(text)?.[0],
  };
}

const childrenOf = (pid) => readdirSync(`/proc/${pid}/task`).flatMap((task) =>
  readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number));
const family = (pid) => [pid, ...childrenOf(pid).flatMap(family)];

/** Seconds of CPU that a process and its children have used. */
export function cpuOf(pid) {
  return family(pid).reduce((sum, each) => {
    const fields = readFileSync(`/proc/${each}/stat`, "utf8").split(") ").at(-1).split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / kTicksPerSecond;
  }, 0);
}

/** Resident memory of a process and its children in MiB; pages of shared libraries count in each. */
export function memoryOf(pid) {
  return family(pid).reduce((sum, each) =>
    sum + Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))[1]) / 1024, 0);
}
