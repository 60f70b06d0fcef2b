// SPDX-License-Identifier: Apache-2.0
// What a visitor downloads: each file and each bundle with its chunks, raw, gzip -9 and brotli -q 11.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

function sizesOf(paths) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const path of paths) {
    const bytes = readFileSync(path);
    sum.raw += bytes.length;
    sum.gzip += gzipSync(bytes, { level: 9 }).length;
    sum.brotli += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  return sum;
}

/** A bundle and the chunks that it imports at once; those behind `import()` are loaded when used. */
function withChunks(dist, name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const source = readFileSync(join(dist, name), "utf8");
  for (const [, chunk] of source.matchAll(/(?:from|import)\s*"\.\/(chunk-[^"]+\.js)"/g)) {
    withChunks(dist, chunk, seen);
  }
  return seen;
}

export function reportSizes({ dist, glue, entries, out }) {
  const rows = {
    "core.wasm": sizesOf([join(dist, "core.wasm")]),
    "core_scalar.wasm (no SIMD)": sizesOf([join(dist, "core_scalar.wasm")]),
    glue: sizesOf([glue]),
    "policy.wasm (policy pages)": sizesOf([join(dist, "policy.wasm")]),
    "zxing_reader.wasm (on scan)": sizesOf([join(dist, "zxing_reader.wasm")]),
  };
  for (const entry of entries) {
    const files = [...withChunks(dist, `${entry}.js`)];
    rows[`${entry}.js`] = { ...sizesOf(files.map((file) => join(dist, file))), files: files.length };
  }
  console.log("What a visitor downloads, bytes (a bundle is counted with the chunks it loads at once):");
  console.log(`${"".padEnd(28)}${"raw".padStart(9)}${"gzip".padStart(9)}${"brotli".padStart(9)}`);
  for (const [name, { raw, gzip, brotli }] of Object.entries(rows)) {
    const cells = [raw, gzip, brotli].map((n) => String(n).padStart(9)).join("");
    console.log(name.padEnd(28) + cells);
  }
  writeFileSync(out, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`(written to ${basename(out)})`);
}
