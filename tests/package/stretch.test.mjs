// SPDX-License-Identifier: Apache-2.0
// A set of codes stretched in a thread of Node: what comes back, what is refused, and that the thread ends.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { CountersignError, loadCore } from "countersign";

const core = await loadCore();
const scalar = await loadCore({ wasm: pathToFileURL(createRequire(import.meta.url).resolve("countersign/core_scalar.wasm")) });
const sample = "K7QF-2M9X-TRB4-V3HF";
const salt = Uint8Array.from({ length: 16 }, (_, index) => index);
const known = "204e7975c87f6327f339b48e5f24d8e26d241b531574ca9c0165246e96750c03";
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const refusal = (code) => (error) => error instanceof CountersignError && error.code === code;

test("a set of codes comes back stretched, in order, with progress after each [R21] [R25]", async () => {
  const codes = [core.makeSecurityCode(), sample, core.makeSecurityCode(), sample.toLowerCase().replaceAll("-", " ")];
  const told = [];
  const stretched = await core.stretchCodes(codes, salt, { onProgress: (done, total) => told.push([done, total]) });
  assert.deepEqual(told, [[1, 4], [2, 4], [3, 4], [4, 4]]);
  assert.deepEqual(stretched.map(hex), codes.map((code) => hex(core.stretchSecurityCode(code, salt))));
  assert.equal(hex(stretched[1]), known);
  assert.equal(hex(stretched[3]), known);
  for (const bytes of stretched) assert.equal(bytes.buffer.byteLength, 32);
});

test("the module without SIMD stretches alike in the thread", async () => {
  assert.deepEqual((await scalar.stretchCodes([sample], salt)).map(hex), [known]);
});

test("no codes need no thread, and what was given stays as it was", async () => {
  assert.deepEqual(await core.stretchCodes([], salt, { worker: pathToFileURL("/none.js") }), []);
  const given = salt.slice();
  await core.stretchCodes([sample], given);
  assert.deepEqual(given, salt);
});

test("the calling thread goes on while codes are stretched", async () => {
  let turns = 0;
  const turning = setInterval(() => { turns += 1; }, 1);
  const atProgress = [];
  await core.stretchCodes([sample, sample, sample], salt, { onProgress: () => atProgress.push(turns) });
  clearInterval(turning);
  assert.ok(atProgress[2] > atProgress[0], `the timer ran ${atProgress} times`);
});

test("a typing error or a bad salt is told by its code, the first before any thread begins [R25]", async () => {
  const nowhere = { worker: pathToFileURL("/none.js") };
  await assert.rejects(core.stretchCodes([sample, "K7QF-2M9X-TRB4-V3HG"], salt, nowhere), refusal("security_code.bad_check"));
  await assert.rejects(core.stretchCodes(["K7QF"], salt, nowhere), refusal("security_code.bad_length"));
  await assert.rejects(core.stretchCodes([sample], salt.subarray(1)), refusal("stretch.salt_malformed"));
  await assert.rejects(core.stretchCodes([sample], new Uint8Array(100_000), nowhere), refusal("stretch.salt_malformed"));
  await assert.rejects(core.stretchCodes([sample], "salt"), TypeError);
  await assert.rejects(core.stretchCodes([7], salt), TypeError);
});

test("a signal ends it, before it begins or between two codes, with the signal's own reason", async () => {
  const reason = new Error("the person went back");
  await assert.rejects(core.stretchCodes([sample], salt, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const told = [];
  const stretching = core.stretchCodes(Array(50).fill(sample), salt, {
    signal: controller.signal,
    onProgress: (done) => { told.push(done); if (done === 2) controller.abort(reason); },
  });
  await assert.rejects(stretching, reason);
  assert.deepEqual(told, [1, 2]);
});

test("what a caller's own progress throws ends it too", async () => {
  const thrown = new Error("from the caller");
  await assert.rejects(core.stretchCodes([sample, sample], salt, { onProgress: () => { throw thrown; } }), thrown);
});

test("a worker that is not there rejects with the platform's own error", async () => {
  await assert.rejects(core.stretchCodes([sample], salt, { worker: pathToFileURL("/none.js") }), { code: "MODULE_NOT_FOUND" });
});

test("the thread has ended with the call: done, refused or given up", () => {
  const program = `
    import { loadCore } from "countersign";
    const core = await loadCore();
    const codes = Array(3).fill("${sample}");
    const salt = new Uint8Array(16);
    await core.stretchCodes(codes, salt);
    await core.stretchCodes(codes, salt.subarray(1)).catch(() => {});
    const controller = new AbortController();
    await core.stretchCodes(codes, salt, { signal: controller.signal, onProgress: () => controller.abort() }).catch(() => {});
    await new Promise((next) => setTimeout(next, 100));
    console.log(JSON.stringify(process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name))));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", timeout: 30_000 });
  assert.deepEqual(JSON.parse(output), []);
});
