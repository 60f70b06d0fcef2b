// SPDX-License-Identifier: Apache-2.0
// The round trip that enrollment makes: the server's core seals to a key of the page, the page's core opens.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { test } from "node:test";

import { CountersignError, loadCore } from "countersign";

import { seededRandom } from "./cases.mjs";

const seed = Number(process.env.COUNTERSIGN_SEED || randomInt(2 ** 32));
const count = 500;
const driver = `${process.env.COUNTERSIGN_BUILD ?? "build"}/release/bin/code_driver`;
process.stdout.write(`boxes: tests/differential/run --seed ${seed}\n`);

const core = await loadCore();
const next = seededRandom(seed);
const hex = (bytes) => `x${Buffer.from(bytes).toString("hex")}`;

function drawBox() {
  const text = () => Array.from({ length: next() % 20 }, () => String.fromCodePoint([0x61 + next() % 26, 0, 0xe9, 0x1f511][next() % 4])).join("");
  const context = { session: text(), user: text(), pendingId: text() };
  return { keys: core.makeBoxKeyPair(), context, message: Uint8Array.from({ length: next() % 400 }, () => next() % 256) };
}

const boxes = Array.from({ length: count }, drawBox);

function sealNatively() {
  const input = boxes.map(({ keys, context, message }) =>
    `seal ${[keys.publicKey, context.session, context.user, context.pendingId, message].map(hex).join(" ")}\n`).join("");
  const { status, stdout, stderr } = spawnSync(driver, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(status, 0, stderr);
  return stdout.trim().split("\n").map((line) => Uint8Array.from(Buffer.from(line, "hex")));
}

const sealed = sealNatively();

function refuses(code, question) {
  assert.throws(question, (error) => error instanceof CountersignError && error.code === code);
}

test("what the native core seals, the package opens, byte for byte [R22]", () => {
  assert.equal(sealed.length, count);
  boxes.forEach(({ keys, context, message }, i) => assert.deepEqual(core.openBox(keys, context, sealed[i]), message));
});

test("the package opens no box of another key or context, and none with a bit changed [R22]", () => {
  boxes.forEach(({ keys, context }, i) => {
    const other = boxes[(i + 1) % count];
    refuses("box.not_opened", () => core.openBox(other.keys, context, sealed[i]));
    for (const name of ["session", "user", "pendingId"]) {
      refuses("box.context_mismatch", () => core.openBox(keys, { ...context, [name]: `${context[name]}x` }, sealed[i]));
    }
    const altered = sealed[i].slice();
    altered[next() % altered.length] ^= 1 << (next() % 8);
    refuses("box.not_opened", () => core.openBox(keys, context, altered));
  });
});
