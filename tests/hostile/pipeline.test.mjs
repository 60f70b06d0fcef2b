// SPDX-License-Identifier: Apache-2.0
// 400 connections that send requests without end and wait for no answer, while honest callers go on. What the honest
// wait is compared with what they waited a moment before.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeNow } from "../server/http/totp.mjs";
import { judge, pause, residentMiB } from "./wire.mjs";

const connections = 400;
const rounds = process.env.COUNTERSIGN_FULL ? 15 : 3;
const eachTime = 200;
const ioThreads = 2;

let site;
let app;
let seeds;

const post = (path, headers, body) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (body) => [...body].map((byte) => `1\r\n${byte}\r\n`).join("");
/** One request of each sort: what costs nothing, what is refused unread, what asks for a token, what is long to read. */
const sorts = {
  health: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  nothing: "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
  keyless: post("/v1/verify", `Authorization: Bearer cs_app_${"A".repeat(43)}\r\n`, '{"user":"user0","method":"totp","code":"123456"}'),
  sessionless: `GET /v1/w/methods HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer cs_ses_${"A".repeat(43)}\r\n\r\n`,
  long: post("/v1/verify", "", `{"user":"${"u".repeat(15_000)}"}`),
  fields: `GET /nothing HTTP/1.1\r\nHost: a\r\n${"X: a\r\n".repeat(1200)}\r\n`,
  chunks: `POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(" ".repeat(4000))}0\r\n\r\n`,
};

before(() => {
  site = new Site();
  app = site.createAppKey().token;
  seeds = [...site.importUsers(Array.from({ length: 4 * rounds * eachTime }, (_, i) => `user${i}`))];
  mkdirSync(join(site.directory, "sorts"));
  for (const [name, bytes] of Object.entries(sorts)) {
    writeFileSync(join(site.directory, "sorts", name), bytes.repeat(Math.ceil(65_536 / bytes.length)), "latin1");
  }
});
after(() => site.remove());

/** Those who flood. `stop()` says how many answers they had, and in how many seconds. */
async function startFlood(server) {
  const program = fileURLToPath(new URL("pipeliners.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, String(server.port), String(connections), join(site.directory, "sorts")],
    { stdio: ["ignore", "pipe", "inherit"] });
  site.children.add(child);
  const lines = createInterface({ input: child.stdout });
  const begun = performance.now();
  await once(lines, "line");
  return async () => {
    const said = once(lines, "line");
    child.kill();
    const [answers] = await said;
    return { answers: Number(answers), seconds: (performance.now() - begun) / 1000 };
  };
}

/** Right codes of distinct users over 8 connections. @returns {Promise<number[]>} milliseconds each, sorted */
async function honest(server, agent) {
  const waiting = seeds.splice(0, eachTime);
  const times = [];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [user, userSeed] = next;
      const begun = performance.now();
      const { status, json } = await server.call("POST", "/v1/verify", { token: app, agent, json: { user, method: "totp", code: codeNow(userSeed) } });
      times.push(performance.now() - begun);
      assert.deepEqual([status, json], [200, { ok: true }]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return times.sort((a, b) => a - b);
}

const percentile = (times, part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
const median = (numbers) => percentile([...numbers].sort((a, b) => a - b), 0.5);

/** What they may have in so much time: 16 requests each at once and two a second after, and of each io thread a thousand. */
const mostAnswers = (seconds) => connections * (16 + 2 * seconds) + ioThreads * 1000 * seconds;

// Of strangers each request counts; of what may be a proxy (loopback, where none is named) those that did not wait.
for (const [who, args] of [["strangers", ["--trusted-proxies", "192.0.2.1"]], ["callers through a proxy", []]]) {
  test(`${connections} ${who} that pipeline without end cost the honest no more than twice their p99`, async (t) => {
    const server = await RunningServer.start(site, { args: [...args, "--io-threads", String(ioThreads)], logLevel: "info" });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    try {
      const ratios = [];
      const before = residentMiB(server.child.pid);
      for (let round = 0; round < rounds; round += 1) {
        const quiet = await honest(server, agent);
        const stop = await startFlood(server);
        await pause(1000);  // 400 handshakes are a burst, and so is what each may ask at once
        const among = await honest(server, agent);
        const memory = residentMiB(server.child.pid);
        const { answers, seconds } = await stop();
        ratios.push(percentile(among, 0.99) / percentile(quiet, 0.99));
        t.diagnostic(`p99 ${percentile(quiet, 0.99).toFixed(1)} ms quiet, ${percentile(among, 0.99).toFixed(1)} ms among them, ${ratios.at(-1).toFixed(2)} times; ` +
          `median ${percentile(quiet, 0.5).toFixed(1)} and ${percentile(among, 0.5).toFixed(1)} ms; they had ${Math.round(answers / seconds)} answers a second`);
        assert.ok(answers > connections, "they did not flood");
        assert.ok(answers < mostAnswers(seconds), `they had ${answers} answers in ${seconds.toFixed(1)} s`);
        judge(t, memory < before + 48, `${before} MiB grew to ${memory}`);
        await pause(500);
      }
      judge(t, median(ratios) <= 2, `p99 grew ${median(ratios).toFixed(1)} times`);
      assert.equal((await server.call("GET", "/healthz")).status, 200);
    } finally {
      agent.destroy();
      await server.stop();
    }
  });
}
