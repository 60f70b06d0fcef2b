// SPDX-License-Identifier: Apache-2.0

import { loadCore, type Core } from "../../index.js";

const loading = new Map<string, Promise<Core>>();

/** One core for all elements of a page and wasm address; a failed load is forgotten, so that a retry can pass. */
export function sharedCore(wasm: string | undefined): Promise<Core> {
  const key = wasm ?? "";
  let core = loading.get(key);
  if (!core) {
    core = loadCore(wasm ? { wasm: new URL(wasm, document.baseURI) } : {});
    loading.set(key, core);
    core.catch(() => loading.delete(key));
  }
  return core;
}
