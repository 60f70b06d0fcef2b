// SPDX-License-Identifier: Apache-2.0
import { secondsOf, verdictOf, type Totp, type VerifyOptions, type VerifyResult } from "./totp.js";
import { type Border, takeText } from "./wasm/call.js";

/** How to check a code of Steam Guard; the rest is fixed. */
export type SteamVerifyOptions = Pick<VerifyOptions, "timestampMs" | "pastSteps" | "futureSteps" | "lastUsedStep">;

/** Codes of Steam Guard: TOTP with SHA-1 and 30 seconds, spelled with five letters and digits. */
export interface SteamApi {
  /**
   * Makes the code that Steam Guard shows at a moment.
   *
   * @param timestampMs - milliseconds since 1970-01-01 UTC; default `Date.now()`
   * @throws {@link CountersignError} `secret.too_short`, `secret.too_long`, `otp.time_out_of_range`
   */
  generateSteam(secret: Uint8Array, timestampMs?: number): Totp;

  /**
   * Checks such a code, in either case, as {@link TotpApi.verifyTotp} does.
   *
   * @throws {@link CountersignError} `otp.code_malformed`, `otp.window_out_of_range`, and those of
   *   {@link generateSteam}
   */
  verifySteam(secret: Uint8Array, code: string, options?: SteamVerifyOptions): VerifyResult;
}

const periodSeconds = 30;

/** @internal */
export function steamApi(border: Border): SteamApi {
  return {
    generateSteam(secret, timestampMs) {
      const seconds = secondsOf(border, timestampMs);
      const key = border.bytes(secret, "secret", "secret.too_long");
      const code = takeText(border.open(border.raw.generateSteam(key, seconds)));
      return { code, timeStep: Math.floor(seconds / periodSeconds) };
    },

    verifySteam(secret, code, options = {}) {
      const { lastUsedStep, pastSteps = 1, futureSteps = 1 } = options;
      return verdictOf(
        border.open(
          border.raw.verifySteam(
            border.bytes(secret, "secret", "secret.too_long"),
            border.text(code, "code", "otp.code_malformed"),
            secondsOf(border, options.timestampMs),
            border.small(pastSteps, "pastSteps"),
            border.small(futureSteps, "futureSteps"),
            lastUsedStep !== undefined,
            lastUsedStep === undefined ? 0 : border.integer(lastUsedStep, "lastUsedStep"),
          ),
        ),
      );
    },
  };
}
