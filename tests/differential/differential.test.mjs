// SPDX-License-Identifier: Apache-2.0
// The same random questions to programs of other people and to the core, natively and as WebAssembly.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import { before, test } from "node:test";

import { loadCore } from "countersign";

import { drawCases, lineOf } from "./cases.mjs";
import { askNode, askOathtool, counterOf } from "./judges.mjs";

const seed = Number(process.env.COUNTERSIGN_SEED || randomInt(2 ** 32));
const count = Number(process.env.COUNTERSIGN_CASES || 20_000);
const driver = `${process.env.COUNTERSIGN_BUILD ?? "build"}/release/bin/code_driver`;
const again = `tests/differential/run --seed ${seed} --cases ${count}`;

const cases = drawCases(seed, count);
const said = [];

function since(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function differs(it, expected, actual) {
  return `${lineOf(it)}: others say ${expected}, we say ${actual}; ${again}`;
}

before(async () => {
  process.stdout.write(`seed ${seed}: ${again}\n`);
  const start = performance.now();
  const forOathtool = cases.filter(({ digits }) => digits <= 8);
  const codes = await askOathtool(forOathtool);
  forOathtool.forEach((it, i) => said.push([it, codes[i]]));
  process.stdout.write(`oathtool made ${codes.length} codes of 6 to 8 digits in ${since(start)}\n`);
  const forNode = cases.filter(({ digits }) => digits > 8);
  for (const it of forNode) said.push([it, askNode(it)]);
  process.stdout.write(`node's HMAC made ${forNode.length} codes of 9 and 10 digits\n`);
});

test("the cases hold what goes wrong: zero, 2038, 2106, 64-bit counters, every period, leading zeros [L20]", () => {
  const totp = cases.filter(({ kind }) => kind === "totp");
  const hotp = cases.filter(({ kind }) => kind === "hotp");
  const kinds = {
    "totp": totp.length,
    "hotp": hotp.length,
    "leading zeros": said.filter(([, code]) => code.startsWith("0")).length,
    "time 0": totp.filter(({ place }) => place === "0").length,
    "beyond 2038": totp.filter(({ place }) => Number(place) >= 2 ** 31).length,
    "beyond 2106": totp.filter(({ place }) => Number(place) >= 2 ** 32).length,
    "period 1": totp.filter(({ period }) => period === 1).length,
    "period 86400": totp.filter(({ period }) => period === 86400).length,
    "counters beyond 2^32": cases.filter((it) => counterOf(it) >= 2n ** 32n).length,
    "counters beyond 2^63": hotp.filter(({ place }) => BigInt(place) >= 2n ** 63n).length,
    "keys over a block": cases.filter(({ algorithm, secret }) => secret.length > (algorithm === "sha512" ? 128 : 64)).length,
    "keys of one byte": cases.filter(({ secret }) => secret.length === 1).length,
  };
  process.stdout.write(`${Object.entries(kinds).map(([name, number]) => `${name} ${number}`).join(", ")}\n`);
  for (const [name, number] of Object.entries(kinds)) assert.ok(number > count / 1000, `${name}: only ${number}; ${again}`);
  assert.equal(said.length, count);
});

test("natively, every code is what oathtool or node's HMAC says, and is accepted at its place alone [L20] [L26]", () => {
  const start = performance.now();
  const input = said.map(([it, code]) => `${lineOf(it)} ${code}\n`).join("");
  const { status, stdout, stderr } = spawnSync(driver, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(status, 0, `${driver}: ${stderr}`);
  const answers = stdout.trim().split("\n");
  assert.equal(answers.length, count);
  said.forEach(([it, code], i) => {
    const expected = `${code} accepted ${counterOf(it)}`;
    assert.equal(answers[i], expected, differs(it, expected, answers[i]));
  });
  process.stdout.write(`natively: ${count} cases alike in ${since(start)}\n`);
});

/** What the npm package says, in the driver's words. */
function askPackage(core, it, code) {
  const { algorithm, digits, secret } = it;
  const place = counterOf(it);
  if (it.kind === "hotp") {
    const made = core.generateHotp(secret, place, { algorithm, digits });
    const lastUsedCounter = place === 0n ? undefined : place - 1n;
    const { outcome, counter } = core.verifyHotp(secret, code, { algorithm, digits, lookAhead: 0, lastUsedCounter });
    return `${made} ${outcome} ${counter}`;
  }
  const options = { algorithm, digits, periodSeconds: it.period, timestampMs: Number(it.place) * 1000 };
  const made = core.generateTotp(secret, options);
  assert.equal(BigInt(made.timeStep), place);
  const { outcome, timeStep } = core.verifyTotp(secret, code, { ...options, pastSteps: 0, futureSteps: 0 });
  return `${made.code} ${outcome} ${timeStep}`;
}

test("in WebAssembly, through the npm package, every code is the same [L20] [L26]", async () => {
  const start = performance.now();
  const core = await loadCore();
  for (const [it, code] of said) {
    const expected = `${code} accepted ${counterOf(it)}`;
    const actual = askPackage(core, it, code);
    assert.equal(actual, expected, differs(it, expected, actual));
  }
  process.stdout.write(`in WebAssembly: ${count} cases alike in ${since(start)}\n`);
});

test("the same seed draws the same cases, another seed others", () => {
  const lines = (of) => drawCases(of, 50).map(lineOf);
  assert.deepEqual(lines(seed), lines(seed));
  assert.notDeepEqual(lines(seed), lines(seed + 1));
});
