// SPDX-License-Identifier: Apache-2.0
import { startThread, type Thread } from "./thread.js";
import type { Border } from "./wasm/call.js";

/** How to stretch a set of codes. */
export interface StretchOptions {
  /** Called after each code with how many are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the worker at once; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The address of `stretch-worker.js`, of the page's own origin. By default it is looked for beside this module: a
   * bundler that does not follow `new URL("stretch-worker.js", import.meta.url)` needs the file copied beside
   * its output, or its address given here.
   */
  readonly worker?: string | URL | undefined;
}

/** Stretching security codes without holding up the page. */
export interface StretchApi {
  /**
   * Stretches a set of codes of one user, one after the other, in a worker that ends with the call: 19 MiB and some
   * tens of milliseconds for each code, twice that in an engine without SIMD. In Node the worker is a thread.
   *
   * Under a Content Security Policy this needs `worker-src 'self'`, and under Trusted Types the policy name
   * `countersign`. No `blob:` is used. What comes out signs in as the codes do.
   *
   * @param codes - as typed; each is read first, so that a typing error is told before anything is stretched
   * @param salt - 16 bytes, the user's
   * @returns 32 bytes for each code, in order, yours to `fill(0)`; rejects with {@link CountersignError} as
   *   `stretchSecurityCode` throws, with the signal's reason, or with the platform's own error where the worker
   *   cannot run
   */
  stretchCodes(codes: readonly string[], salt: Uint8Array, options?: StretchOptions): Promise<Uint8Array[]>;
}

/** @internal What the worker is handed. */
export interface StretchJob {
  readonly module: WebAssembly.Module;
  /** Canonical codes; the worker wipes them. */
  readonly codes: readonly Uint8Array[];
  readonly salt: Uint8Array;
}

type Answer = ReturnType<Border["raw"]["stretchSecurityCode"]>;

function addressOf(worker: string | URL | undefined): URL {
  if (worker === undefined) return new URL("stretch-worker.js", import.meta.url);
  return new URL(worker, globalThis.location?.href ?? import.meta.url);
}

function wipe(answers: readonly Answer[]): void {
  for (const answer of answers) if (answer.ok) answer.value.fill(0);
}

/** Runs the job in a thread of its own, up to the first refusal. Settles once; the thread ends with it. */
function answersOf(job: StretchJob, options: StretchOptions): Promise<Answer[]> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let thread: Thread | undefined;
    let settled = false;
    const finish = (settle: () => void): void => {
      if (settled) return;
      settled = true;
      thread?.end();
      signal?.removeEventListener("abort", stop);
      settle();
    };
    const fail = (reason: unknown): void => finish(() => {
      wipe(answers);
      reject(reason);
    });
    const stop = (): void => fail(signal?.reason);
    const receive = (data: unknown): void => {
      if (settled) return;
      const answer = data as Answer;
      answers.push(answer);
      if (answer.ok) onProgress?.(answers.length, job.codes.length);
      if (!answer.ok || answers.length === job.codes.length) finish(() => resolve(answers));
    };
    const orFail = <T>(action: (value: T) => void) => (value: T): void => {
      try {
        action(value);
      } catch (error) {
        fail(error);
      }
    };
    signal?.addEventListener("abort", stop);
    orFail(() => {
      thread = startThread(addressOf(options.worker), { message: orFail(receive), failed: fail });
      thread.post(job, job.codes.map(({ buffer }) => buffer as ArrayBuffer));
    })(undefined);
  });
}

/** @internal */
export function stretchApi(border: Border, module: WebAssembly.Module): StretchApi {
  const canonical = (code: string): Uint8Array =>
    border.open(border.raw.readSecurityCode(border.text(code, "code", "security_code.bad_length")));
  return {
    async stretchCodes(codes, salt, options = {}) {
      options.signal?.throwIfAborted();
      const ownSalt = border.bytes(salt, "salt", "stretch.salt_malformed").slice();
      const job = { module, codes: codes.map(canonical), salt: ownSalt };
      if (job.codes.length === 0) return [];
      const answers = await answersOf(job, options);
      if (answers.some(({ ok }) => !ok)) wipe(answers);
      return answers.map((answer) => border.open(answer));
    },
  };
}
