// SPDX-License-Identifier: Apache-2.0
// What verify promises, on random questions through the public API: its window, and that it never steps back.
import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";
import { loadCore } from "countersign";

import { algorithm, bytes, counter, forAll, parameters, seed, timestampMs } from "./drawing.mjs";

const core = await loadCore();
process.stdout.write(`properties of verify: COUNTERSIGN_SEED=${seed}\n`);

const tolerance = fc.integer({ min: 0, max: 10 });
const distance = fc.integer({ min: -12, max: 12 });

test("verify accepts the steps of its window, none beyond, and each once [R12] [L5] [L20] [L22]", () => {
  forAll([bytes(1, 80), parameters, timestampMs, tolerance, tolerance, distance, fc.nat(20)],
    (secret, drawn, now, pastSteps, futureSteps, away, later) => {
      const options = { ...drawn, digits: 10, timestampMs: now, pastSteps, futureSteps };  // chance does not match
      const step = Math.floor(Math.floor(now / 1000) / drawn.periodSeconds) + away;
      if (step < 0) return;
      const code = core.generateHotp(secret, BigInt(step), { algorithm: drawn.algorithm, digits: 10 });
      const inside = -pastSteps <= away && away <= futureSteps;
      const verdict = core.verifyTotp(secret, code, options);
      assert.deepEqual(verdict, inside ? { outcome: "accepted", timeStep: step } : { outcome: "rejected" });
      if (!inside) return;
      const after = (lastUsedStep) => core.verifyTotp(secret, code, { ...options, lastUsedStep }).outcome;
      assert.equal(after(step + later), "replayed");
      if (step > 0) assert.equal(after(step - 1), "accepted");
    }, 1000);
});

test("a larger window accepts no less [R12]", () => {
  forAll([bytes(1, 80), parameters, timestampMs, fc.integer({ min: 0, max: 9 }), distance, distance],
    (secret, drawn, now, tolerated, away, used) => {
      const center = Math.floor(Math.floor(now / 1000) / drawn.periodSeconds);
      const code = core.generateHotp(secret, BigInt(Math.max(0, center + away)), drawn);
      const ask = (steps) => core.verifyTotp(secret, code, {
        ...drawn, timestampMs: now, pastSteps: steps, futureSteps: steps, lastUsedStep: Math.max(0, center + used),
      });
      const [narrow, wide] = [ask(tolerated), ask(tolerated + 1)];
      if (narrow.outcome !== "accepted") return;
      assert.equal(wide.outcome, "accepted");
      assert.ok(wide.timeStep >= narrow.timeStep);
    }, 500);
});

test("a counter that was accepted is behind for ever, to the end of 64 bits [L5] [L20] [L26]", () => {
  const last = fc.oneof(counter, fc.bigInt({ min: 2n ** 64n - 25n, max: 2n ** 64n - 1n }));
  forAll([bytes(1, 80), algorithm, last, fc.nat(20), fc.bigInt({ min: 0n, max: 25n })],
    (secret, hash, lastUsedCounter, lookAhead, ahead) => {
      const meant = lastUsedCounter + ahead;
      if (meant >= 2n ** 64n) return;
      const options = { algorithm: hash, digits: 10 };
      const code = core.generateHotp(secret, meant, options);
      const verdict = core.verifyHotp(secret, code, { ...options, lookAhead, lastUsedCounter });
      const expected = ahead === 0n ? "replayed" : ahead <= lookAhead + 1 ? "accepted" : "rejected";
      assert.deepEqual(verdict, expected === "rejected" ? { outcome: expected } : { outcome: expected, counter: meant });
      if (expected !== "accepted") return;
      assert.equal(core.verifyHotp(secret, code, { ...options, lookAhead, lastUsedCounter: meant }).outcome, "replayed");
    }, 500);
});

test("resync goes to two codes next to each other, never to or below the last used [L5]", () => {
  forAll([bytes(1, 80), algorithm, fc.bigInt({ min: 0n, max: 2n ** 60n }), fc.nat(30), fc.bigInt({ min: 0n, max: 40n })],
    (secret, hash, lastUsedCounter, reach, ahead) => {
      const options = { algorithm: hash, digits: 10 };
      const [first, second] = [0n, 1n].map((more) => core.generateHotp(secret, lastUsedCounter + ahead + more, options));
      const inside = ahead >= 1n && ahead <= reach + 1;
      const resync = (a, b) => core.resyncHotp(secret, a, b, { ...options, reach, lastUsedCounter });
      assert.deepEqual(resync(first, second),
        inside ? { outcome: "accepted", counter: lastUsedCounter + ahead + 1n } : { outcome: "rejected" });
      assert.equal(resync(second, first).outcome, "rejected");
    });
});

test("steam: a made code is accepted once, in either case [R12]", () => {
  forAll([bytes(1, 80), timestampMs, fc.boolean()], (secret, now, lower) => {
    const { code, timeStep } = core.generateSteam(secret, now);
    const ask = (lastUsedStep) => core.verifySteam(secret, lower ? code.toLowerCase() : code,
      { timestampMs: now, pastSteps: 0, futureSteps: 0, lastUsedStep });
    assert.deepEqual(ask(undefined), { outcome: "accepted", timeStep });
    assert.equal(ask(timeStep).outcome, "replayed");
  });
});
