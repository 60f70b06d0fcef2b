// SPDX-License-Identifier: Apache-2.0

/**
 * Every code that a {@link CountersignError} can carry: the names of the core's own table, in its order.
 * A test compares the two.
 */
export const countersignErrorCodes = [
  "base32.bad_symbol",
  "base32.bad_length",
  "base32.bad_padding",
  "base32.trailing_bits",
  "secret.too_short",
  "secret.too_long",
  "otp.code_malformed",
  "otp.digits_out_of_range",
  "otp.period_out_of_range",
  "otp.window_out_of_range",
  "otp.time_out_of_range",
  "otp.algorithm_unknown",
  "uri.too_long",
  "uri.not_otpauth",
  "uri.type_unknown",
  "uri.bad_percent_encoding",
  "uri.bad_utf8",
  "uri.label_missing",
  "uri.secret_missing",
  "uri.secret_malformed",
  "uri.algorithm_unknown",
  "uri.digits_out_of_range",
  "uri.period_out_of_range",
  "uri.counter_missing",
  "uri.counter_malformed",
  "uri.issuer_malformed",
  "uri.account_malformed",
  "qr.too_long",
  "qr.empty",
  "qr.option_out_of_range",
  "security_code.bad_symbol",
  "security_code.bad_length",
  "security_code.bad_check",
  "stretch.salt_malformed",
  "stretch.out_of_memory",
  "box.key_malformed",
  "box.too_long",
  "box.not_opened",
  "box.malformed",
  "box.context_mismatch",
  "audit.key_malformed",
  "audit.record_malformed",
  "audit.checkpoint_malformed",
  "audit.proof_malformed",
  "audit.proof_too_long",
  "audit.signature_unknown",
  "policy.out_of_range",
  "policy.no_login_method",
  "policy.no_alternate",
  "policy.alternates_undecided",
  "policy.assumption_out_of_range",
] as const;

/** The stable name of what was malformed, such as `otp.code_malformed`; the server and the command line use the same. */
export type CountersignErrorCode = (typeof countersignErrorCodes)[number];

/**
 * The question was malformed. A wrong code is never an error: it is the answer `rejected`.
 *
 * `message` is one English sentence of the core's, fit to be shown, and never holds a part of a secret.
 */
export class CountersignError extends Error {
  override readonly name = "CountersignError";
  /** What to decide by; stable. */
  readonly code: CountersignErrorCode;

  constructor(code: CountersignErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
