// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>

#include "countersign/otpauth_uri.h"

namespace countersign {
namespace {

struct Row {
    UriWarning warning;
    std::string_view name;
    std::string_view sentence;
};

using enum UriWarning;

constexpr std::array<Row, kUriWarningCount> kRows{{
    {IssuerMismatch, "issuer-mismatch",
     "The label names another issuer than the issuer parameter; the parameter counts."},
    {IssuerMissing, "issuer-missing", "No issuer is named, so entries of two sites may look alike."},
    {AccountMissing, "account-missing", "No account is named."},
    {PlusInIssuer, "plus-in-issuer",
     "The issuer has a plus sign, which may have been meant as a space; it was kept as a plus sign."},
    {ColonInAccount, "colon-in-account",
     "The label has more than one colon; the issuer ends at the first."},
    {FragmentInUri, "fragment-in-uri", "The URI has an unescaped #; it was read as part of the text."},
    {ShortSecret, "short-secret", "The secret is shorter than the 128 bits that RFC 4226 asks for."},
    {SecretNotCanonical, "secret-not-canonical",
     "The secret is written with lower case, spaces, dashes, padding or surplus bits; it was tidied."},
    {DuplicateParameter, "duplicate-parameter", "A parameter is given more than once; the first counts."},
    {UnknownParameter, "unknown-parameter", "The URI has a parameter that means nothing here."},
    {UnusualDigits, "unusual-digits", "Codes of 7, 9 or 10 digits are not shown by every app."},
    {UnusualPeriod, "unusual-period", "Several apps ignore a period other than 30 seconds."},
    {UnusualAlgorithm, "unusual-algorithm",
     "Several apps ignore an algorithm other than SHA-1 and then show wrong codes."},
    {CaseFolded, "case-folded", "The scheme, the type or a parameter's name is not in lower case."},
    {CounterIgnored, "counter-ignored", "A counter has no meaning in a URI of type totp."},
}};

consteval bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].warning) != i) return false;
    return true;
}
static_assert(in_order(), "a row stands at the place of its warning");

}  // namespace

std::string_view uri_warning_name(UriWarning warning) noexcept {
    return kRows[static_cast<std::size_t>(warning)].name;
}

std::string_view uri_warning_sentence(UriWarning warning) noexcept {
    return kRows[static_cast<std::size_t>(warning)].sentence;
}

}  // namespace countersign
