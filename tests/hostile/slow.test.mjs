// SPDX-License-Identifier: Apache-2.0
// 2,000 connections that send or read as slowly as they can, while honest callers go on. What it costs the honest is
// printed, not asserted: the machine under the test is shared.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeNow } from "../server/http/totp.mjs";
import { judge, pause, residentMiB } from "./wire.mjs";

const slowOnes = 2000;
const eachTime = 300;
/** What 2,000 connections may cost, at 16 KiB each, and what may stay behind of it. */
const mayCostMiB = 64;
const mayStayMiB = 32;

let site;
let server;
let app;
let seeds;

before(async () => {
  site = new Site();
  app = site.createAppKey().token;
  seeds = [...site.importUsers(Array.from({ length: 2 * eachTime }, (_, i) => `user${i}`))];
  server = await RunningServer.start(site, { args: ["--request-seconds", "8", "--idle-seconds", "8"], logLevel: "info" });
});
after(async () => {
  await server?.stop();
  site.remove();
});

/** Right codes of distinct users over 8 connections. @returns {Promise<number[]>} milliseconds each, sorted */
async function honest(part) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const waiting = seeds.slice(part * eachTime, (part + 1) * eachTime);
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
  agent.destroy();
  return times.sort((a, b) => a - b);
}

const header = (more) => `POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}`;
const manners = [
  { begin: "", drop: "P" }, // connects, and says one byte a second
  { begin: header("X: "), drop: "a" }, // a header without end
  { begin: header("Content-Length: 16000\r\n\r\n"), drop: " " }, // a body without end
  { begin: header("Transfer-Encoding: chunked\r\n\r\n"), drop: "1\r\n \r\n" }, // chunks without end
  { begin: "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n".repeat(40), drop: "", deaf: true }, // asks and does not read
];

/** One slow connection, and whether the server has ended it. */
function openSlow(manner) {
  return new Promise((resolve, reject) => {
    const slow = { manner, ended: false };
    slow.socket = net.connect({ port: server.port, host: "127.0.0.1", highWaterMark: 1024 }, () => {
      slow.socket.write(manner.begin);
      resolve(slow);
    });
    if (manner.deaf) slow.socket.pause();
    else slow.socket.resume();
    slow.socket.on("error", () => { slow.ended = true; if (slow.socket.connecting) reject(new Error("refused")); });
    slow.socket.on("close", () => { slow.ended = true; });
    slow.socket.on("end", () => { slow.ended = true; });
  });
}

const percentile = (times, part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];

test(`${slowOnes} slow connections are bounded in memory and time, and no honest caller is refused`, async (t) => {
  const quiet = await honest(0);
  const baseMiB = residentMiB(server.child.pid);

  const slow = [];
  while (slow.length < slowOnes) {
    slow.push(...await Promise.all(Array.from({ length: 100 }, (_, i) => openSlow(manners[i % manners.length]))));
  }
  assert.ok(slow.filter(({ ended }) => !ended).length > slowOnes * 0.9, "they are not there while the honest call");
  const drip = setInterval(() => {
    for (const { socket, manner, ended } of slow) if (!ended && manner.drop !== "") socket.write(manner.drop);
  }, 1000);
  await pause(2000);  // 2,000 handshakes are a burst, not slowness
  const loud = await honest(1);
  const peakMiB = residentMiB(server.child.pid);
  const held = slow.filter(({ ended }) => !ended).length;

  for (let waited = 0; waited < 30 && slow.some(({ ended, manner }) => !ended && !manner.deaf); waited += 1) await pause(1000);
  clearInterval(drip);
  const stillOpen = slow.filter(({ ended, manner }) => !ended && !manner.deaf).length;
  for (const { socket } of slow) socket.destroy();
  await pause(2000);
  const afterMiB = residentMiB(server.child.pid);

  const [quiet99, loud99] = [percentile(quiet, 0.99), percentile(loud, 0.99)];
  t.diagnostic(`p99 of honest callers: ${quiet99.toFixed(1)} ms quiet, ${loud99.toFixed(1)} ms among ${held} slow connections: ${(loud99 / quiet99).toFixed(2)} times`);
  t.diagnostic(`median: ${percentile(quiet, 0.5).toFixed(1)} ms and ${percentile(loud, 0.5).toFixed(1)} ms`);
  t.diagnostic(`resident: ${baseMiB.toFixed(1)} MiB before, ${peakMiB.toFixed(1)} among them, ${afterMiB.toFixed(1)} after`);
  assert.equal(stillOpen, 0, "a slow sender was never cut off");
  judge(t, peakMiB < baseMiB + mayCostMiB, `${baseMiB} MiB grew to ${peakMiB}`);
  judge(t, afterMiB < baseMiB + mayStayMiB, `${baseMiB} MiB before, ${afterMiB} after`);
  assert.equal((await server.call("GET", "/healthz")).status, 200);
});
