// SPDX-License-Identifier: Apache-2.0
// kill -9 while verifications run. The ledger is kept here, outside the server; after the restart all of it is
// replayed within the window in which the codes would still be good.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeOfStep, stepNow } from "../server/http/totp.mjs";

const rounds = Number(process.env.COUNTERSIGN_KILL_ROUNDS ?? 20);
const usersPerRound = 1500;
const connections = 48;

/** Sends each user's code until the server is gone. @returns what was acknowledged and what was in the air */
async function loadUntilKilled(server, token, entries, killAfter) {
  const acknowledged = [];
  const inTheAir = [];
  let next = 0;
  const worker = async () => {
    while (next < entries.length) {
      const entry = entries[next++];
      const answer = await server.verify(token, entry.user, entry.code).catch(() => undefined);
      if (answer === undefined) {
        inTheAir.push(entry);
        return;
      }
      assert.deepEqual(answer.json, { ok: true }, "a fresh, right code was refused");
      acknowledged.push(entry);
      if (acknowledged.length === killAfter) server.child.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  assert.deepEqual(await server.kill(), { code: null, signal: "SIGKILL" });
  return { acknowledged, inTheAir };
}

test(`kill -9 while verifications run, ${rounds} rounds: nothing accepted twice, nothing acknowledged lost [R8] [L1] [L18]`, async () => {
  const site = new Site();
  const token = site.createAppKey().token;
  const quiet = { logLevel: "info" };
  let acknowledgedInAll = 0;
  let burntInTheAir = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const seeds = site.importUsers(Array.from({ length: usersPerRound }, (_, index) => `round-${round}-user-${index}`));
      const step = stepNow();
      const entries = [...seeds].map(([user, seed]) => ({ user, code: codeOfStep(seed, step) }));
      const server = await RunningServer.start(site, quiet);
      const killAfter = 20 + Math.floor(Math.random() * (usersPerRound - 200));
      const { acknowledged, inTheAir } = await loadUntilKilled(server, token, entries, killAfter);
      assert.ok(acknowledged.length >= killAfter && acknowledged.length < usersPerRound);

      const again = await RunningServer.start(site, quiet);
      const replays = await Promise.all(acknowledged.map((entry) => again.verify(token, entry.user, entry.code)));
      // What was in the air may have been committed or not; once more, and it is certainly used.
      const seconds = await Promise.all(inTheAir.map((entry) => again.verify(token, entry.user, entry.code)));
      const thirds = await Promise.all(inTheAir.map((entry) => again.verify(token, entry.user, entry.code)));
      const states = await Promise.all(acknowledged.slice(-50).map(({ user }) => again.call("POST", "/v1/users/methods", { token, json: { user } })));
      assert.ok(stepNow() <= step + 1, "the replay came too late to prove anything");
      for (const answer of [...replays, ...thirds]) {
        assert.deepEqual([answer.status, answer.json.ok, answer.json.code], [200, false, "not_accepted"], "accepted twice");
      }
      for (const state of states) assert.ok(state.json.methods[0].last_used > 0, "acknowledged and lost");
      burntInTheAir += seconds.filter((answer) => answer.json.ok !== true).length;
      acknowledgedInAll += acknowledged.length;
      assert.deepEqual(await again.stop(), { code: 0, signal: null });
    }
  } finally {
    site.remove();
  }
  process.stdout.write(`${acknowledgedInAll} acknowledged and kept; of those in the air ${burntInTheAir} were committed\n`);
});
