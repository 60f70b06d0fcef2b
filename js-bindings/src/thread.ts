// SPDX-License-Identifier: Apache-2.0
// A worker, in a page or in Node, seen alike.

/** A thread that runs a script of this package. */
export interface Thread {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  /** Ends it at once; its memory goes with it. */
  end(): void;
}

/** What a thread tells the one that started it. */
export interface ThreadEvents {
  message(data: unknown): void;
  /** The script cannot be had, may not run, or ended by an error. */
  failed(error: unknown): void;
}

interface NodeWorker {
  on(event: "message" | "error" | "exit", listener: (value: unknown) => void): void;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): Promise<number>;
}

/** The part of Node's `process` that is asked without an import that bundlers would trip over. */
interface NodeProcess {
  getBuiltinModule(name: "node:worker_threads"): { Worker: new (address: URL, options: { execArgv: string[] }) => NodeWorker };
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

type Page = { readonly trustedTypes?: TrustedTypes; readonly location?: { readonly origin: string; readonly protocol: string } };

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** The address as a page under Trusted Types wants it: by the one policy of this package, for this site alone. */
function trusted(address: URL): string {
  const page = globalThis as Page;
  if (page.trustedTypes === undefined) return address.href;
  policy ??= page.trustedTypes.createPolicy("countersign", {
    createScriptURL(text) {
      // A blob: has its maker's origin, and is no file of the site (R29).
      const { origin, protocol } = new URL(text);
      if (origin !== page.location?.origin || protocol !== page.location?.protocol) throw new TypeError(`${text}: a worker of another site`);
      return text;
    },
  });
  return policy.createScriptURL(address.href);
}

function startInPage(address: URL, events: ThreadEvents): Thread {
  const worker = new Worker(trusted(address), { type: "module" });
  worker.onmessage = ({ data }) => events.message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    events.failed(new Error(`${address.href}: the worker cannot run${event.message ? `: ${event.message}` : ""}`));
  };
  return { post: (message, transfer) => worker.postMessage(message, transfer), end: () => worker.terminate() };
}

function startInNode(address: URL, events: ThreadEvents): Thread {
  const { process } = globalThis as unknown as { process: NodeProcess };
  // Not with the flags of this process: some of them are about its own script.
  const worker = new (process.getBuiltinModule("node:worker_threads").Worker)(address, { execArgv: [] });
  worker.on("message", (data) => events.message(data));
  worker.on("error", (error) => events.failed(error));
  worker.on("exit", () => events.failed(new Error(`${address.href}: the worker has ended`)));
  return { post: (message, transfer) => worker.postMessage(message, transfer), end: () => void worker.terminate() };
}

/** Starts a module script as a thread. Throws the platform's own error where that is not allowed. */
export function startThread(address: URL, events: ThreadEvents): Thread {
  return typeof globalThis.Worker === "function" ? startInPage(address, events) : startInNode(address, events);
}
