// SPDX-License-Identifier: Apache-2.0
// Durable verifications a second: our server, a peer as a web developer writes it, and our listener with nothing
// behind it, in turn within one run. Every code is right and used once; what is counted is what the stores say.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../tests/server/http/site.mjs";
import { BareListener, BareStore, OurServer, Peer, fillPeer } from "./contestants.mjs";
import { cpuOf, load, memoryOf } from "./load.mjs";
import { Population, Turns } from "./population.mjs";
import { median, rateTable, spread } from "./table.mjs";

const options = parseArgs({
  options: {
    users: { type: "string" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    connections: { type: "string", default: "64" },
    beside: { type: "string" },
    quick: { type: "boolean", default: false },
    "no-peer": { type: "boolean", default: false },
    directory: { type: "string", default: join(root, "build") },
  },
}).values;
const number = (name, full, quick) => Number(options[name] ?? (options.quick ? quick : full));
const users = number("users", 1_000_000, 200_000);
const rounds = number("rounds", 7, 3);
const seconds = number("seconds", 4, 2);
const connections = Number(options.connections);
const kFewestBodies = 30_000;  // a second: a pace seen while the machine was busy may be far too low

const say = (text) => process.stdout.write(`${text}\n`);

mkdirSync(options.directory, { recursive: true });
const directory = mkdtempSync(join(options.directory, "countersign-bench-"));
const bodies = join(directory, "bodies");

/** One run against one contestant. */
async function measure(contestant, pause = 0) {
  const wanted = Math.ceil(Math.max((contestant.pace ?? 0) * 1.5, kFewestBodies) * seconds) + connections;
  const turn = await contestant.turns.write(bodies, wanted);
  const before = cpuOf(contestant.pid);
  const run = await load({ port: contestant.port, token: contestant.token, bodies, connections, seconds, pause });
  const cpu = cpuOf(contestant.pid) - before;
  if (run.trouble) say(`  ${contestant.name}: ${run.trouble}`);
  const sent = run.requests + connections;  // those in the air when wrk stopped count as used
  if (contestant.accepted && run.requests > turn.indices.length) say(`  ${contestant.name}: the users ran out; give more --users or fewer --seconds`);
  if (pause === 0) contestant.pace = Math.max(run.perSecond, 1000);
  // A store may have accepted what wrk no longer waited for; that is not counted.
  const stored = contestant.accepted?.(turn.step, turn.indices.slice(0, sent)) ?? run.requests;
  contestant.turns.used(turn, sent);
  const good = Math.min(run.requests, stored);
  return { perSecond: good / run.took, p50: run.p50, p99: run.p99, refused: run.requests - good,
    cpuMicroseconds: (cpu / good) * 1e6, wrkMicroseconds: (run.cpu / run.requests) * 1e6, busyCores: cpu / run.took };
}

const tell = (round, contestant, run) => say(`${round}: ${contestant.name}: ${run.perSecond.toFixed(0)}/s, p50 ${run.p50.toFixed(2)} ms, `
  + `p99 ${run.p99.toFixed(2)} ms, ${run.cpuMicroseconds.toFixed(1)} us CPU each (wrk ${run.wrkMicroseconds.toFixed(1)})${run.refused > 0 ? `, ${run.refused} REFUSED` : ""}`);

/** Each form of the peer for some rounds; the best of them goes on. */
async function chooseBestPeer(population, file) {
  const turns = new Turns(population);
  const forms = [["each", 1], ["group", 1], ["each", 2], ["group", 2]].map(([commit, workers]) => new Peer({ commit, workers }, turns, file));
  const runs = new Map(forms.map((form) => [form, []]));
  for (const form of forms) {
    await form.start();
    for (let trial = 0; trial <= (options.quick ? 1 : 3); trial += 1) {
      const run = await measure(form);
      tell(trial === 0 ? "warming up" : `trial ${trial}`, form, run);
      if (trial > 0) runs.get(form).push(run.perSecond);
    }
    form.stop();
  }
  say(rateTable("Forms of the peer", forms.map((form) => ({ name: form.name, values: runs.get(form) }))));
  return forms.reduce((best, form) => (median(runs.get(form)) > median(runs.get(best)) ? form : best));
}

/** Latency at half of what a contestant can do: connections wait before each request. */
async function measureHalfLoad(contestant, full) {
  const aim = median(full.map((run) => run.perSecond)) / 2;
  let pause = (1000 * connections) / aim - 1;
  const runs = [];
  for (let round = 0; round <= rounds; round += 1) {
    const run = await measure(contestant, pause);
    tell(round === 0 ? "half load, finding the pace" : `half load ${round}`, contestant, run);
    pause = Math.max(0.5, pause + 1000 * connections * (1 / aim - 1 / run.perSecond));
    if (round > 0) runs.push(run);
  }
  return runs;
}

async function measureStart(server, signal) {
  const times = [];
  for (let round = 0; round < 5; round += 1) times.push(await server.restart(signal));
  return times;
}

const machine = () => [
  `${cpus().length} cores (${cpus()[0].model.trim()}), ${/MemTotal:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))[1] / 1048576 | 0} GiB, wrk on the same cores`,
  `${connections} connections, ${users} users in random order, ${seconds} s a run, ${rounds} alternations`,
  `store on ${execFileSync("stat", ["-f", "-c", "%T", directory], { encoding: "utf8" }).trim()}, node ${process.version}`,
  `load average before the run: ${loadavg().map((value) => value.toFixed(1)).join(" ")}`,
].join("\n");

const began = Date.now();
const all = [];
try {
  say(machine());
  const population = new Population(users);
  const ours = new OurServer(`countersign, ${users} users`, population, directory);
  all.push(ours);
  if (options.beside) all.push(new OurServer(`countersign, ${options.beside} users`, new Population(Number(options.beside)), directory));
  say(`users imported after ${((Date.now() - began) / 1000).toFixed(0)} s`);
  if (!options["no-peer"]) {
    const file = join(directory, "peer.sqlite");
    await fillPeer(file, population);
    all.push(await chooseBestPeer(population, file));
  }
  all.push(new BareStore(population, directory), new BareListener(population));
  for (const contestant of all) {
    await contestant.start();
    tell("warming up", contestant, await measure(contestant));
  }

  const runs = new Map(all.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of all) {
      const run = await measure(contestant);
      runs.get(contestant).push(run);
      tell(`round ${round}`, contestant, run);
    }
  }
  const memory = new Map(all.map((contestant) => [contestant, memoryOf(contestant.pid)]));
  const half = new Map();
  for (const contestant of all.filter((each) => each instanceof OurServer || each instanceof Peer)) half.set(contestant, await measureHalfLoad(contestant, runs.get(contestant)));

  const values = (map, contestant, key) => map.get(contestant)?.map((run) => run[key]) ?? [];
  say(rateTable("\nVerifications a second, each on disk before its answer", all.map((contestant) => ({
    name: contestant.name, values: values(runs, contestant, "perSecond"),
    columns: {
      "p50 ms": median(values(runs, contestant, "p50")), "p99 ms": median(values(runs, contestant, "p99")),
      "p99 ms at half load": half.has(contestant) ? median(values(half, contestant, "p99")) : undefined,
      "at half load, a second": half.has(contestant) ? Math.round(median(values(half, contestant, "perSecond"))) : undefined,
      "CPU us each": median(values(runs, contestant, "cpuMicroseconds")),
      "wrk's CPU us each": median(values(runs, contestant, "wrkMicroseconds")),
      "MiB resident": memory.get(contestant),
      "refused": values(runs, contestant, "refused").reduce((sum, each) => sum + each, 0),
    },
  }))));
  for (const other of all.slice(1)) {
    const rates = runs.get(ours).map((run, round) => run.perSecond / runs.get(other)[round].perSecond);
    const costs = runs.get(ours).map((run, round) => runs.get(other)[round].cpuMicroseconds / run.cpuMicroseconds);
    say(`countersign / ${other.name}: ${spread(rates)} in rate; it takes ${spread(costs)} of our CPU each`);
  }
  say(`start, after SIGTERM: ${spread(await measureStart(ours, "SIGTERM"))} ms; after SIGKILL: ${spread(await measureStart(ours, "SIGKILL"))} ms`);
  say(`all in ${((Date.now() - began) / 1000).toFixed(0)} s; load average at the end: ${loadavg().map((value) => value.toFixed(1)).join(" ")}`);
} finally {
  for (const contestant of all) await contestant.stop();
  rmSync(directory, { recursive: true, force: true });
}
