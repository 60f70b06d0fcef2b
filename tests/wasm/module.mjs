// SPDX-License-Identifier: Apache-2.0
// The module as the WASM build leaves it, without the package's loader.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = join(resolve(root, process.env.COUNTERSIGN_BUILD ?? "build"), "wasm", "wasm");
export const gluePath = join(folder, "core.mjs");

/**
 * @param name `core`, or `core_scalar`, the twin without SIMD, under the same glue
 * @param glue where another module's glue is
 * @returns the raw core and the heap it works in
 */
export async function startModule(name = "core", glue = gluePath) {
  const { default: createCore } = await import(pathToFileURL(glue));
  const compiled = await WebAssembly.compile(await readFile(join(folder, `${name}.wasm`)));
  let memory;
  const core = await new Promise((settle, reject) => {
    createCore({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(compiled, imports).then((instance) => {
          memory = Object.values(instance.exports).find((it) => it instanceof WebAssembly.Memory);
          receive(instance);
        }, reject);
        return {};
      },
    }).then(settle, reject);
  });
  return { core, heap: () => Buffer.from(memory.buffer) };
}
