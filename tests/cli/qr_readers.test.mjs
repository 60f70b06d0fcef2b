// SPDX-License-Identifier: Apache-2.0
// Every version at every level, filled to the last symbol, drawn by the command line as PNG and read by two programs
// that share no code with ours or with each other: zbarimg, and zxing-cpp (in WebAssembly).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

import { vectorFiles } from "../package/vector_file.mjs";
import { Site, binary } from "../server/http/site.mjs";

const site = new Site();
after(() => site.remove());

const levels = { low: "L", medium: "M", quartile: "Q", high: "H" };
/** What fills a symbol, by the key of its capacity. */
const alphabets = { Digits: "0123456789", Capitals: "ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:", Bytes: "abcdefghijklmnopqrstuvwxyz" };
const kinds = Object.keys(alphabets);

/** A small generator with a seed, so that a failure can be had again. */
function letters(alphabet, count, seed) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet[Math.floor((state / 2 ** 32) * alphabet.length)];
  }).join("");
}

const symbols = [];

before(async () => {
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  await prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm) }, fireImmediately: true });
  for (const it of vectorFiles().find(({ name }) => name === "qr_capacity.vec").cases) {
    const [version, level] = [it.number("Version"), it.text("Level")];
    const kind = kinds[symbols.length % kinds.length];
    const text = letters(alphabets[kind], it.number(kind), symbols.length);
    const args = ["qr", "--text-stdin", "--format", "png", "--module-pixels", "4", "--level", levels[level]];
    const { status, stdout: png, stderr } = spawnSync(binary, args, { input: text });
    assert.equal(status, 0, `${it.title}: ${stderr}`);
    symbols.push({ title: `${it.title}, ${kind}`, version, level, text, png });
  }
});

test("zxing-cpp reads each of the 160 PNGs, and finds the version and level in it that were asked for [L32]", async () => {
  for (const { title, version, level, text, png } of symbols) {
    const [found, ...more] = await readBarcodes(new Uint8Array(png), { formats: ["QRCode"], maxNumberOfSymbols: 2, tryRotate: false, tryInvert: false, tryDownscale: false });
    assert.equal(more.length, 0, title);
    assert.deepEqual([found?.text, found?.version, found?.ecLevel], [text, String(version), levels[level]], title);
    assert.equal(png.readUInt32BE(16), (version * 4 + 17 + 8) * 4, title);
  }
  assert.equal(symbols.length, 160);
});

test("zbarimg reads each of the 160 PNGs [L32]", () => {
  const files = symbols.map(({ png }, index) => {
    const file = join(site.directory, `${index}.png`);
    writeFileSync(file, png);
    return file;
  });
  const options = ["--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"];
  const { stdout } = spawnSync("zbarimg", [...options, ...files], { encoding: "utf8", maxBuffer: 1 << 24 });
  const lines = stdout.split("\n");
  for (const [index, { title, text }] of symbols.entries()) assert.equal(lines[index], text, title);
  assert.deepEqual([lines.length, symbols.length], [161, 160]);
});
