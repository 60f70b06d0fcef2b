// SPDX-License-Identifier: Apache-2.0
#include "countersign/error.h"

#include <array>
#include <cstddef>

// The one table: code, stable name, sentence. The command line, HTTP and TypeScript show these.
namespace countersign {
namespace {

struct Row {
    ErrorCode code;
    std::string_view name;
    std::string_view sentence;
};

using enum ErrorCode;

constexpr std::array<Row, kErrorCodeCount> kRows{{
    {Base32BadSymbol, "base32.bad_symbol",
     "The text has a character that base32 does not know; it uses A to Z and 2 to 7."},
    {Base32BadLength, "base32.bad_length",
     "No secret encodes to this many base32 symbols; a symbol is missing or one too many."},
    {Base32BadPadding, "base32.bad_padding",
     "The = signs do not fill the last group of eight; leave them out, or write them all at the end."},
    {Base32TrailingBits, "base32.trailing_bits",
     "The last base32 symbol carries bits that belong to no byte; check it for a typing error."},
    {SecretTooShort, "secret.too_short", "The secret is shorter than this operation accepts."},
    {SecretTooLong, "secret.too_long", "The secret is longer than this operation accepts."},
    {CodeMalformed, "otp.code_malformed",
     "The code is not made of exactly the expected number of digits or symbols."},
    {DigitsOutOfRange, "otp.digits_out_of_range", "The number of digits has to be from 6 to 10."},
    {PeriodOutOfRange, "otp.period_out_of_range", "The period has to be from 1 to 86400 seconds."},
    {WindowOutOfRange, "otp.window_out_of_range",
     "The window has to be from 0 to 10 steps each way, the search radius from 0 to 120, the look-ahead of "
     "HOTP from 0 to 100, its reach to resync from 0 to 1000."},
    {TimeOutOfRange, "otp.time_out_of_range",
     "The time has to be from 1970-01-01 to the end of the year 9999."},
    {AlgorithmUnknown, "otp.algorithm_unknown", "The algorithm has to be sha1, sha256 or sha512."},
    {UriTooLong, "uri.too_long", "The otpauth URI is longer than 4096 bytes."},
    {UriNotOtpauth, "uri.not_otpauth", "The text is not a URI that begins with otpauth://."},
    {UriTypeUnknown, "uri.type_unknown", "The otpauth URI is neither of type totp nor of type hotp."},
    {UriBadPercentEncoding, "uri.bad_percent_encoding",
     "The otpauth URI has a % that is not followed by two hexadecimal digits."},
    {UriBadUtf8, "uri.bad_utf8", "The otpauth URI holds text that is not UTF-8, or a control character."},
    {UriLabelMissing, "uri.label_missing", "The otpauth URI names neither an account nor an issuer."},
    {UriSecretMissing, "uri.secret_missing", "The otpauth URI carries no secret."},
    {UriSecretMalformed, "uri.secret_malformed",
     "The secret of the otpauth URI is not base32, or longer than 1024 bytes."},
    {UriAlgorithmUnknown, "uri.algorithm_unknown",
     "The algorithm of the otpauth URI is not SHA1, SHA256 or SHA512."},
    {UriDigitsOutOfRange, "uri.digits_out_of_range",
     "The digits of the otpauth URI are not a number from 6 to 10."},
    {UriPeriodOutOfRange, "uri.period_out_of_range",
     "The period of the otpauth URI is not a number from 1 to 86400."},
    {UriCounterMissing, "uri.counter_missing", "An otpauth URI of type hotp has to carry a counter."},
    {UriCounterMalformed, "uri.counter_malformed",
     "The counter of the otpauth URI is not a whole number below 2^64."},
    {IssuerMalformed, "uri.issuer_malformed",
     "The issuer has to be 1 to 128 bytes of UTF-8 without colons, control characters or outer spaces."},
    {AccountMalformed, "uri.account_malformed",
     "The account has to be 1 to 128 bytes of UTF-8 without colons, control characters or outer spaces."},
    {QrTooLong, "qr.too_long", "The text does not fit into a QR symbol at this level."},
    {QrEmpty, "qr.empty", "There is no text to put into a QR symbol."},
    {QrOptionOutOfRange, "qr.option_out_of_range",
     "The quiet zone has to be 4 to 32 modules, a module 4 to 64 pixels, the level low to high."},
    {SecurityCodeBadSymbol, "security_code.bad_symbol",
     "The security code has a character that none of them uses; they are made of digits and letters without U."},
    {SecurityCodeBadLength, "security_code.bad_length",
     "The security code does not have 16 letters and digits; one is missing or one too many."},
    {SecurityCodeBadCheck, "security_code.bad_check",
     "The security code has a typing error: a letter or digit is wrong, or two are swapped."},
    {StretchSaltMalformed, "stretch.salt_malformed", "The salt of a security code has to be 16 bytes."},
    {StretchOutOfMemory, "stretch.out_of_memory",
     "There is not enough memory to stretch a security code; it takes 19 MiB."},
    {BoxKeyMalformed, "box.key_malformed", "The key of a sealed box has to be 32 bytes that make a good X25519 key."},
    {BoxTooLong, "box.too_long",
     "A sealed box holds names of at most 1024 bytes each and a message of at most 8192."},
    {BoxNotOpened, "box.not_opened", "The sealed box is not for this key, or it was altered on its way."},
    {BoxMalformed, "box.malformed", "The sealed box does not hold what this program puts into one."},
    {BoxContextMismatch, "box.context_mismatch",
     "The sealed box was made for another session, user or enrollment; start again."},
    {AuditKeyMalformed, "audit.key_malformed", "A key of the audit log has to be 32 bytes."},
    {AuditRecordMalformed, "audit.record_malformed", "A text of an audit record is longer than 64 KiB."},
    {AuditCheckpointMalformed, "audit.checkpoint_malformed",
     "The line is no checkpoint of an audit log: cs-checkpoint-1, epoch, size, head, time, signature."},
    {AuditProofMalformed, "audit.proof_malformed",
     "The proof does not have one hash of 32 bytes for each record between the two checkpoints."},
    {AuditProofTooLong, "audit.proof_too_long",
     "More than 65536 records lie between the two checkpoints; prove the way through one between them."},
    {AuditSignatureUnknown, "audit.signature_unknown",
     "This browser cannot check Ed25519 signatures, so the audit log cannot be proven here; use a newer one."},
    {PolicyOutOfRange, "policy.out_of_range", "A number of the policy is outside its range."},
    {PolicyNoLoginMethod, "policy.no_login_method",
     "The policy leaves no second factor for login; allow the authenticator app, codes by email, or both."},
    {PolicyNoAlternate, "policy.no_alternate",
     "Forgot Phone is on, but no alternate is offered for it; offer one or turn it off."},
    {PolicyAlternatesUndecided, "policy.alternates_undecided",
     "Several alternates are offered, but users may not choose; offer one, or let them choose."},
    {PolicyAssumptionOutOfRange, "policy.assumption_out_of_range",
     "Assume 1 to 5 authenticators, 1 to 100 static codes, and 0 to 64 bits a security question."},
}};

consteval bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].code) != i) return false;
    return true;
}
static_assert(in_order(), "a row stands at the place of its code");

}  // namespace

std::string_view error_name(ErrorCode code) noexcept {
    return kRows[static_cast<std::size_t>(code)].name;
}

std::string_view error_sentence(ErrorCode code) noexcept {
    return kRows[static_cast<std::size_t>(code)].sentence;
}

}  // namespace countersign
