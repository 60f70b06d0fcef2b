// SPDX-License-Identifier: Apache-2.0
// Durable verifications a second over imported users, every code right and used once, in turn with the same
// requests to a listener that has nothing behind it. What is counted is what the store says was accepted.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { RunningServer } from "../tests/server/http/running_server.mjs";
import { Site, built, root } from "../tests/server/http/site.mjs";
import { codeOfStep, stepNow } from "../tests/server/http/totp.mjs";

const options = parseArgs({
  options: {
    users: { type: "string", default: "100000" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "64" },
    directory: { type: "string", default: join(root, "build") },
  },
}).values;
const [users, rounds, seconds, connections] = ["users", "rounds", "seconds", "connections"].map((name) => Number(options[name]));

const say = (text) => process.stdout.write(`${text}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function startBareListener() {
  const child = spawn(built("bare_listener"), { stdio: ["ignore", "ignore", "pipe"] });
  const [line] = await once(createInterface({ input: child.stderr }), "line");
  return { child, port: JSON.parse(line).port };
}

/** One run of wrk. @returns {{requests: number, took: number, perSecond: number, p50: string, p99: string}} */
function load(port, token, bodies) {
  const text = execFileSync("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", join(root, "bench/verify.lua"), `http://127.0.0.1:${port}`],
    { encoding: "utf8", env: { ...process.env, BENCH_TOKEN: token, BENCH_BODIES: bodies } });
  const failures = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(text);
  if (failures) say(`  wrk: ${failures[0]}`);
  const took = Number(/requests in ([\d.]+)s/.exec(text)[1]);
  const requests = Number(/(\d+) requests in/.exec(text)[1]);
  return { requests, took, perSecond: requests / took, p50: /^\s+50%\s+(\S+)/m.exec(text)[1], p99: /^\s+99%\s+(\S+)/m.exec(text)[1] };
}

/** How many codes the store has accepted, ever. */
function acceptedInStore(site) {
  return [...site.dump().matchAll(/^credential .* successes=(\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
}

/** Waits for the first step after `last` whose codes the server takes now; never three steps ahead. */
async function nextStep(last) {
  while (last >= stepNow() + 1) await new Promise((done) => setTimeout(done, 250));
  return Math.max(last + 1, stepNow() - 1);
}

async function measureDurable(site, server, token, seeds, last) {
  let step = await nextStep(last);
  // Not into the end of the window: a step back is good until the present one is over.
  if (step < stepNow() && 30 - (Date.now() / 1000) % 30 < seconds + 5) step = await nextStep(step);
  const bodies = join(site.directory, "bodies");
  writeFileSync(bodies, [...seeds].map(([user, seed]) => `{"user":"${user}","method":"totp","code":"${codeOfStep(seed, step)}"}\n`).join(""));
  const before = acceptedInStore(site);
  const run = load(server.port, token, bodies);
  const accepted = acceptedInStore(site) - before;
  if (run.requests > seeds.size) say("  the users ran out: give more --users or fewer --seconds");
  return { step, accepted, perSecond: accepted / run.took, p50: run.p50, p99: run.p99, bodies,
    // Those in the air when wrk stopped are accepted and not among its requests.
    refused: Math.max(0, run.requests - accepted) };
}

mkdirSync(options.directory, { recursive: true });
const site = new Site({ parent: options.directory });
let bare;
let server;
try {
  say(`${cpus().length} cores (${cpus()[0].model}), wrk on the same; ${connections} connections, ${seconds} s a run, node ${process.version}`);
  say(`file system of the store: ${execFileSync("stat", ["-f", "-c", "%T", site.directory], { encoding: "utf8" }).trim()}`);
  const token = site.createAppKey("bench").token;
  const began = Date.now();
  const seeds = site.importUsers(Array.from({ length: users }, (_, index) => `user-${index}`));
  say(`${users} users made and imported in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  server = await RunningServer.start(site, { logLevel: "info" });
  bare = await startBareListener();

  const figures = { durable: [], bare: [] };
  let last = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const durable = await measureDurable(site, server, token, seeds, last);
    last = durable.step;
    figures.durable.push(durable.perSecond);
    say(`round ${round}: durable ${durable.perSecond.toFixed(0)}/s, p50 ${durable.p50}, p99 ${durable.p99}, ${durable.accepted} accepted, ${durable.refused} not`);
    const plain = load(bare.port, token, durable.bodies);
    figures.bare.push(plain.perSecond);
    say(`round ${round}: bare    ${plain.perSecond.toFixed(0)}/s, p50 ${plain.p50}, p99 ${plain.p99}; durable/bare ${(durable.perSecond / plain.perSecond).toFixed(2)}`);
  }
  const [durable, plain] = [median(figures.durable), median(figures.bare)];
  say(`median: durable ${durable.toFixed(0)}/s, bare listener ${plain.toFixed(0)}/s, ratio ${(durable / plain).toFixed(2)}`);
} finally {
  await server?.stop();
  bare?.child.kill("SIGTERM");
  rmSync(site.directory, { recursive: true, force: true });
}
