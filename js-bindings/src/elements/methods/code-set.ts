// SPDX-License-Identifier: Apache-2.0
// A set of security codes that was made in the page: what the person keeps, and what the server is sent.

import type { Core, StretchOptions } from "../../index.js";
import { toBase64url } from "../shared/base64url.js";

/** How many the server takes: exactly these. */
export const codesInSet = 10;

export class CodeSet {
  /** For the eye and the paper; the engine collects them, since text cannot be wiped. */
  readonly codes: readonly string[];
  readonly #stretched: readonly Uint8Array[];

  private constructor(codes: readonly string[], stretched: readonly Uint8Array[]) {
    this.codes = codes;
    this.#stretched = stretched;
  }

  /** @param salt the user's, 16 bytes. Rejects as `stretchCodes` does. */
  static async make(core: Core, salt: Uint8Array, options: StretchOptions): Promise<CodeSet> {
    const codes = Array.from({ length: codesInSet }, () => core.makeSecurityCode());
    return new CodeSet(codes, await core.stretchCodes(codes, salt, options));
  }

  /** What stands for the codes at the server. It signs in as they do. */
  forServer(): readonly string[] {
    return this.#stretched.map(toBase64url);
  }

  /** Wipes what can be wiped. */
  end(): void {
    for (const one of this.#stretched) one.fill(0);
  }
}
