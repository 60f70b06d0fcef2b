// SPDX-License-Identifier: Apache-2.0
import { type Border, takeText } from "./wasm/call.js";

/** Security codes: 15 random symbols of Crockford's base32 and one that checks them. */
export interface SecurityCodeApi {
  /** Makes a new code from the system's random generator, grouped for reading: `K7QF-2M9X-TRB4-V3HF`. */
  makeSecurityCode(): string;

  /**
   * Reads a code as people type it: either case, `O` for 0, `I` and `L` for 1, spaces and dashes anywhere. A
   * typing error is told here and costs no attempt to sign in.
   *
   * @returns the canonical form, 16 symbols: what is compared
   * @throws {@link CountersignError} `security_code.bad_symbol`, `security_code.bad_length`,
   *   `security_code.bad_check`
   */
  readSecurityCode(typed: string): string;

  /**
   * Groups a code for reading.
   *
   * @throws {@link CountersignError} as {@link readSecurityCode}
   */
  formatSecurityCode(code: string): string;

  /**
   * Makes guessing a code costly: Argon2id with 19 MiB, some tens of milliseconds, wiped afterwards. Call it in
   * a worker. What comes out signs in as the code does.
   *
   * @param code - as typed; every spelling of a code gives one value
   * @param salt - 16 bytes, the user's
   * @returns 32 bytes, yours to `fill(0)`
   * @throws {@link CountersignError} those of {@link readSecurityCode}, `stretch.salt_malformed`,
   *   `stretch.out_of_memory`
   */
  stretchSecurityCode(code: string, salt: Uint8Array): Uint8Array;
}

/** @internal */
export function securityCodeApi(border: Border): SecurityCodeApi {
  const typedText = (typed: string) => border.text(typed, "code", "security_code.bad_length");
  const format = (code: Uint8Array) => takeText(border.open(border.raw.formatSecurityCode(code)));
  return {
    makeSecurityCode() {
      const code = border.raw.makeSecurityCode();
      const grouped = format(code);
      code.fill(0);
      return grouped;
    },
    readSecurityCode: (typed) => takeText(border.open(border.raw.readSecurityCode(typedText(typed)))),
    formatSecurityCode: (code) => format(typedText(code)),
    stretchSecurityCode: (code, salt) =>
      border.open(border.raw.stretchSecurityCode(typedText(code), border.bytes(salt, "salt", "stretch.salt_malformed"))),
  };
}
