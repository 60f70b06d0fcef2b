// SPDX-License-Identifier: Apache-2.0
// How the package comes to life: in Node, from an address or from bytes, and what importing it touches.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { loadCore } from "countersign";

const require = createRequire(import.meta.url);
const wasmPath = require.resolve("countersign/core.wasm");
const manifest = JSON.parse(readFileSync(require.resolve("countersign/package.json"), "utf8"));

test("the same address shares one instance, and bytes give a new one", async () => {
  const address = pathToFileURL(wasmPath);
  const shared = await loadCore();
  assert.equal(await loadCore(), shared);
  assert.equal(await loadCore({ wasm: address }), await loadCore({ wasm: address.href }));
  const bytes = readFileSync(wasmPath);
  const own = await loadCore({ wasm: bytes });
  assert.notEqual(own, shared);
  assert.notEqual(await loadCore({ wasm: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }), own);
  assert.equal(own.version, shared.version);
});

test("a load that fails rejects with the platform's error, and is tried again", async () => {
  const missing = pathToFileURL(`${wasmPath}.missing`);
  await assert.rejects(loadCore({ wasm: missing }), { code: "ENOENT" });
  await assert.rejects(loadCore({ wasm: missing }), { code: "ENOENT" });
  await assert.rejects(loadCore({ wasm: new Uint8Array([1, 2, 3]) }), WebAssembly.CompileError);
  const anotherModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  await assert.rejects(loadCore({ wasm: anotherModule }));
});

test("an engine without SIMD loads the module that needs none, and it stretches alike", async () => {
  const program = `
    WebAssembly.validate = () => false;
    const asked = [];
    const read = process.getBuiltinModule("node:fs/promises").readFile;
    process.getBuiltinModule("node:fs/promises").readFile = (path) => {
      if (String(path).endsWith(".wasm")) asked.push(String(path));
      return read(path);
    };
    const core = await (await import("countersign")).loadCore();
    const stretched = core.stretchSecurityCode("K7QF-2M9X-TRB4-V3HF", new Uint8Array(16));
    console.log(JSON.stringify({ asked, stretched: Buffer.from(stretched).toString("hex") }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const { asked, stretched } = JSON.parse(output);
  assert.equal(asked.length, 1);
  assert.match(asked[0], /core_scalar\.wasm$/);
  const core = await loadCore();
  assert.equal(stretched, Buffer.from(core.stretchSecurityCode("K7QF-2M9X-TRB4-V3HF", new Uint8Array(16))).toString("hex"));
});

test("the core is frozen and its methods need no this", async () => {
  const core = await loadCore();
  assert.ok(Object.isFrozen(core));
  const { generateTotp, generateSecret } = core;
  assert.match(generateTotp(generateSecret()).code, /^\d{6}$/);
});

/** What a page has and Node has not. Reading one ends the process. */
const pageOnly = ["window", "document", "customElements", "HTMLElement", "location", "matchMedia", "trustedTypes", "self"];

// Files are asked for by their whole name; what has none is a module of the API.
for (const name of Object.keys(manifest.exports).filter((it) => !/\.(wasm|json|js)$/.test(it) && !it.endsWith("/define"))) {
  test(`importing "${name}" touches no page [L38]`, () => {
    const specifier = name.replace(/^\./, "countersign");
    const program = `
      const touched = [];
      for (const name of ${JSON.stringify(pageOnly)}) {
        Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return undefined; } });
      }
      const module = await import(${JSON.stringify(specifier)});
      console.log(JSON.stringify({ touched, exports: Object.keys(module) }));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    const { touched, exports } = JSON.parse(output);
    assert.notEqual(exports.length, 0);
    if (name === ".") assert.deepEqual(touched, []);
  });
}
