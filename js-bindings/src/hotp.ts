// SPDX-License-Identifier: Apache-2.0
import { settle, type TotpParameters } from "./totp.js";
import { type Border, takeText } from "./wasm/call.js";

/** What one counter-based token was set up with. */
export type HotpParameters = Pick<TotpParameters, "algorithm" | "digits">;

interface AfterLastUsed extends HotpParameters {
  /** The `counter` that was accepted last: it and lower ones are refused. Absent: a new token. */
  readonly lastUsedCounter?: bigint | undefined;
}

/** How to check a code. */
export interface HotpVerifyOptions extends AfterLastUsed {
  /** Counters more than the next one that are accepted, 0 to 100; default 10. */
  readonly lookAhead?: number | undefined;
}

/** How far to look for a token that ran ahead. */
export interface HotpResyncOptions extends AfterLastUsed {
  /** Counters more than the next one that the first code may belong to, 0 to 1000; default 100. */
  readonly reach?: number | undefined;
}

/**
 * The answer to a code. After `accepted`, store `counter` before you say yes, and pass it as
 * `lastUsedCounter` next time; `replayed` is the last used code once more.
 */
export type HotpResult =
  | { readonly outcome: "accepted" | "replayed"; readonly counter: bigint }
  | { readonly outcome: "rejected" };

/** Counter-based one-time codes (RFC 4226). */
export interface HotpApi {
  /**
   * Makes the code of one counter.
   *
   * @param counter - 0 to 2^64 - 1
   * @throws {@link CountersignError} `secret.too_short`, `secret.too_long`, `otp.algorithm_unknown`,
   *   `otp.digits_out_of_range`
   */
  generateHotp(secret: Uint8Array, counter: bigint, options?: HotpParameters): string;

  /**
   * Checks a code against the counters after the last used one. Of several that match, the highest counts.
   *
   * @param code - exactly `digits` ASCII digits; see {@link TotpApi.foldCode} for what people type
   * @throws {@link CountersignError} `otp.code_malformed`, `otp.window_out_of_range`, and those of
   *   {@link generateHotp}
   */
  verifyHotp(secret: Uint8Array, code: string, options?: HotpVerifyOptions): HotpResult;

  /**
   * Finds a token that ran ahead, by two codes that it showed one after the other. Never goes to or below
   * the last used counter; `accepted` carries the counter of `second`.
   *
   * @throws {@link CountersignError} as {@link verifyHotp}
   */
  resyncHotp(secret: Uint8Array, first: string, second: string, options?: HotpResyncOptions): HotpResult;
}

/** @internal */
export function hotpApi(border: Border): HotpApi {
  const lastUsed = ({ lastUsedCounter }: AfterLastUsed) => {
    const { high, low } = border.halves(lastUsedCounter ?? 0n, "lastUsedCounter");
    return [lastUsedCounter !== undefined, high, low] as const;
  };
  const resultOf = (answer: ReturnType<typeof border.raw.verifyHotp>): HotpResult => {
    const { outcome, counterHigh, counterLow } = border.open(answer);
    if (outcome !== "accepted" && outcome !== "replayed") return { outcome: "rejected" };
    return { outcome, counter: (BigInt(counterHigh) << 32n) | BigInt(counterLow) };
  };
  return {
    generateHotp(secret, counter, options = {}) {
      const key = border.bytes(secret, "secret", "secret.too_long");
      const { algorithm, digits } = settle(border, options);
      const { high, low } = border.halves(counter, "counter");
      return takeText(border.open(border.raw.generateHotp(key, high, low, algorithm, digits)));
    },

    verifyHotp(secret, code, options = {}) {
      const { algorithm, digits } = settle(border, options);
      return resultOf(
        border.raw.verifyHotp(
          border.bytes(secret, "secret", "secret.too_long"),
          border.text(code, "code", "otp.code_malformed"),
          algorithm,
          digits,
          border.small(options.lookAhead ?? 10, "lookAhead"),
          ...lastUsed(options),
        ),
      );
    },

    resyncHotp(secret, first, second, options = {}) {
      const { algorithm, digits } = settle(border, options);
      return resultOf(
        border.raw.resyncHotp(
          border.bytes(secret, "secret", "secret.too_long"),
          border.text(first, "first", "otp.code_malformed"),
          border.text(second, "second", "otp.code_malformed"),
          algorithm,
          digits,
          border.small(options.reach ?? 100, "reach"),
          ...lastUsed(options),
        ),
      );
    },
  };
}
