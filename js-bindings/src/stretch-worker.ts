// SPDX-License-Identifier: Apache-2.0
// The thread of `stretchCodes`, a script of its own: it is handed the compiled core, so that it looks for no
// file, and answers each code in order. It is ended by the one who started it.
import type { StretchJob } from "./stretch.js";
import { startRawCore } from "./wasm/loader.js";

/** A worker's own end of its channel, in a page or in Node. */
interface Port {
  onmessage: ((event: { data: StretchJob }) => void) | null;
  postMessage(message: unknown, transfer: ArrayBufferLike[]): void;
}

interface NodeProcess {
  getBuiltinModule(name: "node:worker_threads"): { parentPort: Port | null };
}

const { process } = globalThis as unknown as { process?: NodeProcess };
const port = process?.getBuiltinModule?.("node:worker_threads").parentPort ?? (globalThis as unknown as Port);

port.onmessage = async ({ data: { module, codes, salt } }) => {
  const raw = await startRawCore(module);
  for (const code of codes) {
    const answer = raw.stretchSecurityCode(code, salt);
    code.fill(0);
    port.postMessage(answer, answer.ok ? [answer.value.buffer] : []);
  }
};
