// SPDX-License-Identifier: Apache-2.0
import { settle, type Algorithm, type TotpParameters } from "./totp.js";
import { type Border, takeText } from "./wasm/call.js";

interface Named {
  /** Who the account is with; 1 to 128 bytes of UTF-8 without a colon when built. */
  readonly issuer: string;
  /** Whose account it is; as `issuer`. */
  readonly account: string;
  /** 16 to 64 bytes when built. */
  readonly secret: Uint8Array;
}

/** What to write into an `otpauth:` URI. */
export type OtpauthUriOptions = Named & TotpParameters &
  (
    | { readonly type?: "totp" | undefined; readonly counter?: undefined }
    | {
        readonly type: "hotp";
        /** 0 to 2^64 - 1. */
        readonly counter: bigint;
      }
  );

/** What an `otpauth:` URI says. Issuer and account may be empty in one that somebody else wrote. */
export interface OtpauthUri extends Named {
  readonly type: "totp" | "hotp";
  readonly algorithm: Algorithm;
  readonly digits: number;
  /** Without meaning for `hotp`. */
  readonly periodSeconds: number;
  /** `hotp` only. */
  readonly counter?: bigint;
}

/** Something that the parser put up with: a stable name such as `issuer-mismatch`, and a sentence for a person. */
export interface UriWarning {
  readonly name: string;
  readonly sentence: string;
}

/** `otpauth:` URIs, what a QR code of an enrollment holds. */
export interface OtpauthApi {
  /**
   * Writes the strict form: percent-encoded, issuer in label and parameter, every parameter spelled out.
   *
   * @returns the URI, a secret itself: not for a log, an attribute or an address bar
   * @throws {@link CountersignError} `uri.issuer_malformed`, `uri.account_malformed`, `secret.too_short`,
   *   `secret.too_long`, `otp.algorithm_unknown`, `otp.digits_out_of_range`, `otp.period_out_of_range`,
   *   `uri.counter_missing`
   */
  buildOtpauthUri(options: OtpauthUriOptions): string;

  /**
   * Reads what shipping products print, and names everything odd about it.
   *
   * @throws {@link CountersignError} with a code that begins with `uri.`
   */
  parseOtpauthUri(text: string): { uri: OtpauthUri; warnings: UriWarning[] };
}

/** @internal */
export function otpauthApi(border: Border): OtpauthApi {
  const warningRows = border.raw.uriWarnings();
  return {
    buildOtpauthUri(options) {
      const { algorithm, digits, periodSeconds } = settle(border, options);
      const { type = "totp", counter } = options;
      const { high, low } = border.halves(counter === undefined ? 0n : counter, "counter");
      const answer = border.raw.buildOtpauthUri(
        type === "hotp",
        border.text(options.issuer, "issuer", "uri.issuer_malformed"),
        border.text(options.account, "account", "uri.account_malformed"),
        border.bytes(options.secret, "secret", "secret.too_long"),
        algorithm,
        digits,
        periodSeconds,
        counter !== undefined,
        high,
        low,
      );
      return takeText(border.open(answer));
    },

    parseOtpauthUri(text) {
      const { hotp, counterHigh, counterLow, warnings, algorithm, ...rest } = border.open(
        border.raw.parseOtpauthUri(border.text(text, "text", "uri.too_long")),
      );
      const counter =
        counterHigh === undefined || counterLow === undefined
          ? {}
          : { counter: (BigInt(counterHigh) << 32n) | BigInt(counterLow) };
      return {
        uri: {
          type: hotp ? "hotp" : "totp",
          algorithm: border.algorithms[algorithm] as Algorithm,
          ...rest,
          ...counter,
        },
        warnings: warnings.flatMap((index) => warningRows[index] ?? []),
      };
    },
  };
}
