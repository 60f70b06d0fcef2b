// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "countersign/result.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign {

enum class OtpType : unsigned char { Totp, Hotp };

/// What an `otpauth:` URI says (the Key Uri Format of Google Authenticator's wiki).
struct OtpauthUri {
    OtpType type = OtpType::Totp;
    std::string issuer;   ///< UTF-8; empty only when parsed
    std::string account;  ///< UTF-8; empty only when parsed
    Secret secret;
    TotpParameters parameters;             ///< `period_seconds` has no meaning for hotp
    std::optional<std::uint64_t> counter;  ///< hotp only
};

/// Something the parser put up with and a reader should know. Names are stable: `issuer-mismatch`.
enum class UriWarning : unsigned char {
    IssuerMismatch,      ///< `issuer-mismatch`: label and parameter differ; the parameter wins
    IssuerMissing,       ///< `issuer-missing`
    AccountMissing,      ///< `account-missing`
    PlusInIssuer,        ///< `plus-in-issuer`: a literal `+`; read as a plus sign
    ColonInAccount,      ///< `colon-in-account`: the label has more than one colon; split at the first
    FragmentInUri,       ///< `fragment-in-uri`: an unescaped `#`; read as part of the text
    ShortSecret,         ///< `short-secret`: under 16 bytes (RFC 4226, R6 asks for 128 bits)
    SecretNotCanonical,  ///< `secret-not-canonical`: lower case, spaces (`+` too), dashes, padding, or
                         ///< unused bits that are not zero; they are dropped, as apps do
    DuplicateParameter,  ///< `duplicate-parameter`: the first one counts
    UnknownParameter,    ///< `unknown-parameter`; also the period of an hotp URI, which is not read
    UnusualDigits,       ///< `unusual-digits`: 7, 9 or 10
    UnusualPeriod,       ///< `unusual-period`: not 30
    UnusualAlgorithm,    ///< `unusual-algorithm`: not SHA-1; several apps ignore it
    CaseFolded,          ///< `case-folded`: scheme, type or a key was not in lower case
    CounterIgnored,      ///< `counter-ignored`: a totp URI carries a counter, which is not read
};

inline constexpr int kUriWarningCount = static_cast<int>(UriWarning::CounterIgnored) + 1;

/// The stable name; static storage.
[[nodiscard]] std::string_view uri_warning_name(UriWarning warning) noexcept;
/// One English sentence for a person; static storage.
[[nodiscard]] std::string_view uri_warning_sentence(UriWarning warning) noexcept;

struct ParsedOtpauthUri {
    OtpauthUri uri;
    std::vector<UriWarning> warnings;  ///< each kind once, in the order of the enumeration
};

/// Writes the strict form: percent-encoding (`%20`, never `+`), issuer in label and parameter and
/// identical, secret without padding, every parameter spelled out.
///
/// What it writes, `parse_otpauth_uri` reads back unchanged.
///
/// @param uri  issuer and account 1 to 128 bytes of UTF-8 without control characters, colon, or a space at
///             either end; secret 16 to 64 bytes; digits 6 to 10; period 1 to 86400, for totp only; counter
///             for hotp only
/// @return the URI, a secret itself
/// Errors: `uri.issuer_malformed`, `uri.account_malformed`, `secret.too_short`, `secret.too_long`,
/// `otp.algorithm_unknown`, `otp.digits_out_of_range`, `otp.period_out_of_range`, `uri.counter_missing`.
[[nodiscard]] Result<Secret> build_otpauth_uri(const OtpauthUri& uri);

/// Reads what shipping products print, and names everything odd about it.
///
/// Label and parameters are percent-decoded once, and all of them, the unknown ones too, have to be UTF-8
/// without control characters. The label is split at its first colon, encoded or not, and spaces around
/// both halves are dropped; a dash splits nothing. An issuer parameter that is empty does not count. An
/// empty label is put up with where the parameter names the issuer. A secret has 1 to 1024 bytes. Numbers
/// are ASCII digits without sign; they are refused, not corrected, when out of range.
///
/// @param text  1 to 4096 bytes; ASCII white space around it is dropped
/// Errors: the `uri.*` codes except those of the builder.
[[nodiscard]] Result<ParsedOtpauthUri> parse_otpauth_uri(std::string_view text);

}  // namespace countersign
