// SPDX-License-Identifier: Apache-2.0
import { type Border, takeText } from "./wasm/call.js";

/** The hash of the code. SHA-1 is what nearly every authenticator app reads; several ignore the others. */
export type Algorithm = "sha1" | "sha256" | "sha512";

/** What one authenticator was set up with. */
export interface TotpParameters {
  /** Default `"sha1"`. */
  readonly algorithm?: Algorithm | undefined;
  /** 6 to 10; default 6. */
  readonly digits?: number | undefined;
  /** 1 to 86400; default 30. */
  readonly periodSeconds?: number | undefined;
}

/** How to make a code. */
export interface TotpOptions extends TotpParameters {
  /** Milliseconds since 1970-01-01 UTC, up to the year 9999; default `Date.now()`. */
  readonly timestampMs?: number | undefined;
}

/** How to check a code. */
export interface VerifyOptions extends TotpOptions {
  /** Steps before the present one that are accepted too, 0 to 10; default 1. */
  readonly pastSteps?: number | undefined;
  /** Steps after the present one that are accepted too, 0 to 10; default 1. */
  readonly futureSteps?: number | undefined;
  /** The `timeStep` that was accepted last: it and earlier ones are answered `replayed`. */
  readonly lastUsedStep?: number | undefined;
}

/** How to look for an authenticator whose clock has drifted. */
export interface ResyncOptions extends TotpOptions {
  /** Steps looked at on each side of the present one, 0 to 120; default 20. */
  readonly radiusSteps?: number | undefined;
  /** The `timeStep` that was accepted last: it and earlier ones are refused. */
  readonly lastUsedStep?: number | undefined;
}

/** A code, and the number of the period it belongs to. */
export interface Totp {
  /** Text, with its leading zeros. */
  readonly code: string;
  readonly timeStep: number;
}

/**
 * The answer to a code. After `accepted`, store `timeStep` before you say yes, and pass it as
 * `lastUsedStep` next time; `replayed` means that the code was right and is used up.
 */
export type VerifyResult =
  | { readonly outcome: "accepted" | "replayed"; readonly timeStep: number }
  | { readonly outcome: "rejected" };

/** One account of {@link TotpApi.generateTotpBatch}. */
export interface TotpEntry extends TotpParameters {
  readonly secret: Uint8Array;
}

/** Time-based one-time codes (RFC 6238). */
export interface TotpApi {
  /**
   * Makes the code that an authenticator shows at a moment.
   *
   * @param secret - the shared key, 1 to 1024 bytes; copied for the call and wiped after it
   * @throws {@link CountersignError} `secret.too_short`, `secret.too_long`, `otp.algorithm_unknown`,
   *   `otp.digits_out_of_range`, `otp.period_out_of_range`, `otp.time_out_of_range`
   */
  generateTotp(secret: Uint8Array, options?: TotpOptions): Totp;

  /**
   * Makes the codes of many accounts at one moment, in one call into the core.
   *
   * @returns the codes in the order of `entries`
   * @throws {@link CountersignError} of the first entry that is malformed, as {@link generateTotp}
   */
  generateTotpBatch(entries: readonly TotpEntry[], timestampMs?: number): string[];

  /**
   * Checks a code typed by a user. A wrong code is an answer, not an exception. Who decides about a login
   * is the server, with its own clock and its own memory of the last step; in a page this is advice.
   *
   * @param code - exactly `digits` ASCII digits; see {@link foldCode} for what people type
   * @throws {@link CountersignError} `otp.code_malformed`, `otp.window_out_of_range`, and those of
   *   {@link generateTotp}
   */
  verifyTotp(secret: Uint8Array, code: string, options?: VerifyOptions): VerifyResult;

  /**
   * Finds an authenticator whose clock has drifted, by two codes that it showed one after the other. Asked
   * for by name, never done by {@link verifyTotp}. Takes no step up to `lastUsedStep`; `accepted` carries
   * the step of `second`.
   *
   * @throws {@link CountersignError} as {@link verifyTotp}
   */
  resyncTotp(secret: Uint8Array, first: string, second: string, options?: ResyncOptions): VerifyResult;

  /**
   * Turns what people type or paste into ASCII digits: drops spaces and dashes of every Unicode kind and
   * folds full-width, Arabic-Indic and extended Arabic-Indic digits. All else is kept, to be refused later.
   */
  foldCode(typed: string): string;
}

const defaults = { algorithm: "sha1", digits: 6, periodSeconds: 30 } as const;

interface Settled {
  readonly algorithm: number;
  readonly digits: number;
  readonly periodSeconds: number;
}

/**
 * The parameters as they cross; an algorithm that the core does not know has the index -1.
 *
 * @internal
 */
export function settle(border: Border, given: TotpParameters): Settled {
  return {
    algorithm: border.algorithms.indexOf(given.algorithm ?? defaults.algorithm),
    digits: border.small(given.digits ?? defaults.digits, "digits"),
    periodSeconds: border.integer(given.periodSeconds ?? defaults.periodSeconds, "periodSeconds"),
  };
}

/**
 * Whole seconds; a time that a double cannot hold exactly stays as far out of range as it is.
 *
 * @internal
 */
export function secondsOf(border: Border, timestampMs: number = Date.now()): number {
  const seconds = Math.min(Math.floor(timestampMs / 1000), Number.MAX_SAFE_INTEGER);
  return border.integer(Math.max(seconds, Number.MIN_SAFE_INTEGER), "timestampMs");
}

/** @internal */
export function verdictOf({ outcome, timeStep }: { outcome: string; timeStep: number }): VerifyResult {
  return outcome === "accepted" || outcome === "replayed" ? { outcome, timeStep } : { outcome: "rejected" };
}

function packed(secrets: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(secrets.reduce((sum, secret) => sum + secret.length, 0));
  let at = 0;
  for (const secret of secrets) {
    all.set(secret, at);
    at += secret.length;
  }
  return all;
}

function generateBatch(border: Border, entries: readonly TotpEntry[], timestampMs?: number): string[] {
  const secrets = entries.map(({ secret }) => border.bytes(secret, "secret", "secret.too_long"));
  const settled = entries.map((entry) => settle(border, entry));
  const table = Float64Array.from(
    settled.flatMap((row, i) => [secrets[i]?.length ?? 0, row.algorithm, row.digits, row.periodSeconds]),
  );
  const together = packed(secrets);
  const answer = border.raw.generateTotpBatch(together, table, secondsOf(border, timestampMs));
  together.fill(0);
  const codes = takeText(border.open(answer));
  let at = 0;
  return settled.map(({ digits }) => codes.slice(at, (at += digits)));
}

/** @internal */
export function totpApi(border: Border): TotpApi {
  return {
    generateTotp(secret, options = {}) {
      const key = border.bytes(secret, "secret", "secret.too_long");
      const { algorithm, digits, periodSeconds } = settle(border, options);
      const seconds = secondsOf(border, options.timestampMs);
      const made = border.open(border.raw.generateTotp(key, seconds, algorithm, digits, periodSeconds));
      return { code: takeText(made.code), timeStep: made.timeStep };
    },

    generateTotpBatch: (entries, timestampMs) => generateBatch(border, entries, timestampMs),

    verifyTotp(secret, code, options = {}) {
      const { algorithm, digits, periodSeconds } = settle(border, options);
      const { lastUsedStep, pastSteps = 1, futureSteps = 1 } = options;
      const answer = border.raw.verifyTotp(
        border.bytes(secret, "secret", "secret.too_long"),
        border.text(code, "code", "otp.code_malformed"),
        secondsOf(border, options.timestampMs),
        algorithm,
        digits,
        periodSeconds,
        border.small(pastSteps, "pastSteps"),
        border.small(futureSteps, "futureSteps"),
        lastUsedStep !== undefined,
        lastUsedStep === undefined ? 0 : border.integer(lastUsedStep, "lastUsedStep"),
      );
      return verdictOf(border.open(answer));
    },

    resyncTotp(secret, first, second, options = {}) {
      const { algorithm, digits, periodSeconds } = settle(border, options);
      const { lastUsedStep, radiusSteps = 20 } = options;
      const answer = border.raw.resyncTotp(
        border.bytes(secret, "secret", "secret.too_long"),
        border.text(first, "first", "otp.code_malformed"),
        border.text(second, "second", "otp.code_malformed"),
        secondsOf(border, options.timestampMs),
        algorithm,
        digits,
        periodSeconds,
        border.small(radiusSteps, "radiusSteps"),
        lastUsedStep !== undefined,
        lastUsedStep === undefined ? 0 : border.integer(lastUsedStep, "lastUsedStep"),
      );
      return verdictOf(border.open(answer));
    },

    foldCode: (typed) => takeText(border.raw.foldCode(border.text(typed, "typed", "otp.code_malformed"))),
  };
}
