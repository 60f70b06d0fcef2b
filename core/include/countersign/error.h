// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace countersign {

/// Every way in which a question to the core can be malformed.
///
/// A wrong code is an answer (see `Verdict`), never an error. The stable text of each value stands in
/// one table, `core/src/error.cpp`, and is what the command line, HTTP and TypeScript show.
enum class ErrorCode : unsigned char {
    Base32BadSymbol,         ///< `base32.bad_symbol`
    Base32BadLength,         ///< `base32.bad_length`: no byte string encodes to this many symbols
    Base32BadPadding,        ///< `base32.bad_padding`
    Base32TrailingBits,      ///< `base32.trailing_bits`: unused bits of the last symbol are not zero
    SecretTooShort,          ///< `secret.too_short`
    SecretTooLong,           ///< `secret.too_long`
    CodeMalformed,           ///< `otp.code_malformed`
    DigitsOutOfRange,        ///< `otp.digits_out_of_range`: 6 to 10
    PeriodOutOfRange,        ///< `otp.period_out_of_range`: 1 to 86400 seconds
    WindowOutOfRange,        ///< `otp.window_out_of_range`: see `VerifyOptions`, `HotpVerifyOptions`
    TimeOutOfRange,          ///< `otp.time_out_of_range`: negative, or past year 9999
    AlgorithmUnknown,        ///< `otp.algorithm_unknown`
    UriTooLong,              ///< `uri.too_long`: over 4096 bytes
    UriNotOtpauth,           ///< `uri.not_otpauth`: another scheme
    UriTypeUnknown,          ///< `uri.type_unknown`: neither totp nor hotp
    UriBadPercentEncoding,   ///< `uri.bad_percent_encoding`
    UriBadUtf8,              ///< `uri.bad_utf8`, also for an encoded NUL or control character
    UriLabelMissing,         ///< `uri.label_missing`: neither account nor issuer anywhere
    UriSecretMissing,        ///< `uri.secret_missing`
    UriSecretMalformed,      ///< `uri.secret_malformed`
    UriAlgorithmUnknown,     ///< `uri.algorithm_unknown`
    UriDigitsOutOfRange,     ///< `uri.digits_out_of_range`
    UriPeriodOutOfRange,     ///< `uri.period_out_of_range`
    UriCounterMissing,       ///< `uri.counter_missing`: an hotp URI has to carry one
    UriCounterMalformed,     ///< `uri.counter_malformed`
    IssuerMalformed,         ///< `uri.issuer_malformed`: builder only; see `build_otpauth_uri`
    AccountMalformed,        ///< `uri.account_malformed`: builder only; see there
    QrTooLong,               ///< `qr.too_long`: does not fit version 40 at this level
    QrEmpty,                 ///< `qr.empty`
    QrOptionOutOfRange,      ///< `qr.option_out_of_range`
    SecurityCodeBadSymbol,   ///< `security_code.bad_symbol`
    SecurityCodeBadLength,   ///< `security_code.bad_length`: other than 16 symbols
    SecurityCodeBadCheck,    ///< `security_code.bad_check`: a symbol is wrong, or two are swapped
    StretchSaltMalformed,    ///< `stretch.salt_malformed`: other than 16 bytes
    StretchOutOfMemory,      ///< `stretch.out_of_memory`
    BoxKeyMalformed,         ///< `box.key_malformed`: other than 32 bytes, or of small order
    BoxTooLong,              ///< `box.too_long`: a name over 1024 bytes, a message over 8192
    BoxNotOpened,            ///< `box.not_opened`: sealed to another key, altered, or no box
    BoxMalformed,            ///< `box.malformed`: sealed to us, but holds something else
    BoxContextMismatch,      ///< `box.context_mismatch`: of another session, user or enrollment
    AuditKeyMalformed,       ///< `audit.key_malformed`: other than 32 bytes
    AuditRecordMalformed,    ///< `audit.record_malformed`: from JavaScript only, a text over 64 KiB
    AuditCheckpointMalformed,///< `audit.checkpoint_malformed`: not the line of `format_checkpoint`
    AuditProofMalformed,     ///< `audit.proof_malformed`: not one hash for each record between
    AuditProofTooLong,       ///< `audit.proof_too_long`: over 65536 records
    AuditSignatureUnknown,   ///< `audit.signature_unknown`: from JavaScript only, an engine without Ed25519
    PolicyOutOfRange,        ///< `policy.out_of_range`: see `SecondFactorPolicy`
    PolicyNoLoginMethod,     ///< `policy.no_login_method`: neither authenticator app nor email at login
    PolicyNoAlternate,       ///< `policy.no_alternate`: Forgot Phone is on, and nothing offered for it
    PolicyAlternatesUndecided,   ///< `policy.alternates_undecided`: several offered, and nobody chooses
    PolicyAssumptionOutOfRange,  ///< `policy.assumption_out_of_range`: see `GuessAssumptions`
};

/// How many values `ErrorCode` has; they are 0 to `kErrorCodeCount - 1`.
inline constexpr int kErrorCodeCount = static_cast<int>(ErrorCode::PolicyAssumptionOutOfRange) + 1;

struct Error {
    ErrorCode code;
};

/// The stable code, such as `otp.code_malformed`; static storage.
[[nodiscard]] std::string_view error_name(ErrorCode code) noexcept;

/// One English sentence that says what is wrong and what to do; static storage, never part of a secret.
[[nodiscard]] std::string_view error_sentence(ErrorCode code) noexcept;

}  // namespace countersign
