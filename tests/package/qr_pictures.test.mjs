// SPDX-License-Identifier: Apache-2.0
// QR codes as PNG and as lines for a terminal, through the public API.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";

import { CountersignError, loadCore } from "countersign";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const require = createRequire(import.meta.url);
const core = await loadCore();

function refusal(code) {
  return (error) => error instanceof CountersignError && error.code === code;
}

/** Reads a PNG of one bit a pixel without filters, by Node's own zlib. @returns the bit of a pixel, and the side */
function pixelsOf(png) {
  const file = Buffer.from(png);
  assert.deepEqual([...file.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    chunks.push({ type: file.toString("latin1", at + 4, at + 8), data: file.subarray(at + 8, at + 8 + file.readUInt32BE(at)) });
  }
  assert.deepEqual(chunks.map(({ type }) => type), ["IHDR", "IDAT", "IEND"]);
  const [head, image] = chunks;
  const side = head.data.readUInt32BE(0);
  assert.deepEqual([head.data.readUInt32BE(4), ...head.data.subarray(8)], [side, 1, 0, 0, 0, 0]);
  const rows = inflateSync(image.data);
  const stride = 1 + Math.ceil(side / 8);
  assert.equal(rows.length, side * stride);
  return { side, isWhite: (x, y) => ((rows[y * stride + 1 + (x >> 3)] >> (7 - (x & 7))) & 1) === 1 };
}

test("a PNG shows each module black on white within its quiet zone [L32]", async () => {
  for (const options of [{}, { quietZoneModules: 4, modulePixels: 4 }, { quietZoneModules: 32, modulePixels: 5 }, { quietZoneModules: 5, modulePixels: 64 }]) {
    const { size, modules } = core.qrModules("otpauth");
    const { side, isWhite } = pixelsOf(await core.qrPng("otpauth", options));
    const { quietZoneModules: quiet = 4, modulePixels: pixels = 8 } = options;
    assert.equal(side, (size + 2 * quiet) * pixels);
    let wrong = 0;
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const [column, row] = [Math.floor(x / pixels) - quiet, Math.floor(y / pixels) - quiet];
        const inside = column >= 0 && row >= 0 && column < size && row < size;
        if (isWhite(x, y) !== !(inside && modules[row * size + column] === 1)) wrong += 1;
      }
    }
    assert.equal(wrong, 0);
  }
});

test("another reader reads the PNG, small symbols and large, at each level [L32]", async () => {
  const wasmBinary = readFileSync(require.resolve("zxing-wasm/reader/zxing_reader.wasm"));
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  for (const level of ["low", "medium", "quartile", "high"]) {
    for (const length of [1, 100, 500, 1273]) {
      const text = Array.from({ length }, (_, index) => "abcdefghijklmnopqrstuvwxyz"[(index * index) % 26]).join("");
      const [found] = await readBarcodes(await core.qrPng(text, { level, modulePixels: 4 }), { formats: ["QRCode"] });
      assert.equal(found?.text, text, `${length} letters at ${level}`);
    }
  }
});

test("pictures keep to their ranges, ends included, and refuse what is beyond [L32]", async () => {
  for (const option of [{ quietZoneModules: 4 }, { quietZoneModules: 32 }, { modulePixels: 4 }, { modulePixels: 64 }]) {
    assert.ok((await core.qrPng("x", option)).length > 100);
  }
  for (const option of [{ quietZoneModules: 3 }, { quietZoneModules: 33 }, { modulePixels: 3 }, { modulePixels: 65 }, { level: "most" }, { modulePixels: 2 ** 32 + 8 }]) {
    await assert.rejects(core.qrPng("x", option), refusal("qr.option_out_of_range"));
  }
  await assert.rejects(core.qrPng(""), refusal("qr.empty"));
  await assert.rejects(core.qrPng("x".repeat(3000)), refusal("qr.too_long"));
  await assert.rejects(core.qrPng("x", { modulePixels: 4.5 }), TypeError);
  assert.equal(core.qrTerminal("x", { quietZoneModules: 32, style: "ascii" }).split("\n").length, 21 + 64 + 1);
  for (const option of [{ quietZoneModules: 3 }, { quietZoneModules: 33 }, { style: "braille" }, { level: "most" }]) {
    assert.throws(() => core.qrTerminal("x", option), refusal("qr.option_out_of_range"));
  }
});

test("a terminal shows the symbol black on white, and in ASCII [L32]", () => {
  const text = "otpauth://totp/Bank:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Bank";
  const { size, modules } = core.qrModules(text);
  const dark = (x, y) => x >= 0 && y >= 0 && x < size && y < size && modules[y * size + x] === 1;
  const places = Array.from({ length: size + 8 }, (_, index) => index - 4);
  const ascii = places.map((y) => `${places.map((x) => (dark(x, y) ? "##" : "  ")).join("")}\n`).join("");
  assert.equal(core.qrTerminal(text, { style: "ascii" }), ascii);
  const block = (upper, lower) => (upper ? (lower ? "█" : "▀") : (lower ? "▄" : " "));
  const lines = places.filter((y) => y % 2 === 0).map((y) => places.map((x) => block(dark(x, y), dark(x, y + 1))).join(""));
  assert.equal(core.qrTerminal(text), lines.map((line) => `\u001b[38;5;16;48;5;231m${line}\u001b[0m\n`).join(""));
});

test("the writer of PNG is loaded when it is needed, not before", () => {
  const folder = dirname(require.resolve("countersign/core.wasm"));
  const seen = new Map();
  const visit = (name) => {
    if (seen.has(name)) return;
    const source = readFileSync(join(folder, name), "utf8");
    seen.set(name, source);
    for (const [, chunk] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) visit(chunk);
  };
  visit("index.js");
  const writers = [...seen.values()].filter((source) => source.includes("IHDR"));
  assert.equal(writers.length, 0);
  const lazy = [...seen.values()].flatMap((source) => [...source.matchAll(/import\("\.\/([^"]+\.js)"\)/g)].map(([, name]) => name));
  assert.ok(lazy.some((name) => readFileSync(join(folder, name), "utf8").includes("IHDR")));
});
