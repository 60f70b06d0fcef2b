// SPDX-License-Identifier: Apache-2.0

import { loadCore } from "../../index.js";
import { toBase64url } from "../shared/base64url.js";

/** Where the core and its worker are, and what ends the work. */
export interface Workshop {
  readonly wasm: string | undefined;
  readonly worker: string | undefined;
  readonly signal: AbortSignal;
}

/** What stands for a security code at the server and signs in as it does; undefined where it cannot be made. */
export async function stretchedOf(code: string, salt: Uint8Array | undefined, { wasm, worker, signal }: Workshop): Promise<{ stretched: string } | undefined> {
  if (!salt) return undefined;
  try {
    const core = await loadCore(wasm ? { wasm } : {});
    const [stretched] = await core.stretchCodes([code], salt, { worker, signal });
    if (!stretched) return undefined;
    const given = { stretched: toBase64url(stretched) };
    stretched.fill(0);
    return given;
  } catch {
    return undefined;
  }
}
