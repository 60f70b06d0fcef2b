// SPDX-License-Identifier: Apache-2.0
// Gets the bytes of core.wasm to the engine: fetched in a page or a worker, read from disk in Node.
import createCore from "countersign-core-glue";

import type { CreateModule, RawCore } from "./raw.js";

/** Where the module comes from: an address, or its bytes. */
export type WasmSource = string | URL | BufferSource;

/** The part of Node's `process` that reads a file without an import that bundlers would trip over. */
interface NodeProcess {
  getBuiltinModule(name: "node:fs/promises"): { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };
}

/** A function that uses one instruction of SIMD (Chrome 91, Firefox 89, Safari 16.4). */
const simdProbe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

/** The file beside this module that the engine can run: the same core, twice as fast at stretching with SIMD. */
function besideThisModule(): URL {
  return WebAssembly.validate(simdProbe)
    ? new URL("core.wasm", import.meta.url)
    : new URL("core_scalar.wasm", import.meta.url);
}

/** The address as a URL; a relative one is relative to the page or the worker. */
function addressOf(source: string | URL): URL {
  return new URL(source, globalThis.location?.href ?? import.meta.url);
}

async function compileFetched(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) return Promise.reject(new Error(`${url.href} answered ${response.status}`));
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Compiles a module from wherever it is. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (typeof source !== "string" && !(source instanceof URL)) return WebAssembly.compile(source);
  const url = addressOf(source);
  if (url.protocol !== "file:") return compileFetched(url);
  const { process } = globalThis as unknown as { process: NodeProcess };
  return WebAssembly.compile(await process.getBuiltinModule("node:fs/promises").readFile(url));
}

/** Starts an instance of a compiled module under its glue. Rejects with the engine's own error when it cannot. */
export function start<Raw>(glue: CreateModule<Raw>, module: WebAssembly.Module): Promise<Raw> {
  return new Promise((resolve, reject) => {
    glue({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(module, imports).then(receive).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

export const startRawCore = (module: WebAssembly.Module): Promise<RawCore> => start(createCore, module);

/** Compiles and starts one instance; the module is for instances in other threads. */
export async function loadRawCore(
  source: WasmSource = besideThisModule(),
): Promise<{ raw: RawCore; module: WebAssembly.Module }> {
  const module = await compile(source);
  return { raw: await startRawCore(module), module };
}
