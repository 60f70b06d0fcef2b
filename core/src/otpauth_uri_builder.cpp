// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "countersign/base32.h"
#include "countersign/otpauth_uri.h"
#include "secret_text.h"
#include "utf8.h"

namespace countersign {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMinSeedBytes = 16;
constexpr std::size_t kMaxSeedBytes = 64;

/// What the label can carry so that every parser reads it back as it was.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes && is_printable_utf8(name) &&
           name.find(':') == std::string_view::npos && name.front() != ' ' && name.back() != ' ';
}

Result<void> check(const OtpauthUri& uri) {
    if (!is_name(uri.issuer)) return fail(ErrorCode::IssuerMalformed);
    if (!is_name(uri.account)) return fail(ErrorCode::AccountMalformed);
    if (uri.secret.size() < kMinSeedBytes) return fail(ErrorCode::SecretTooShort);
    if (uri.secret.size() > kMaxSeedBytes) return fail(ErrorCode::SecretTooLong);
    const TotpParameters& parameters = uri.parameters;
    if (parameters.algorithm > Algorithm::Sha512) return fail(ErrorCode::AlgorithmUnknown);
    if (parameters.digits < kMinDigits || parameters.digits > kMaxDigits)
        return fail(ErrorCode::DigitsOutOfRange);
    if (uri.type == OtpType::Hotp) {
        if (!uri.counter) return fail(ErrorCode::UriCounterMissing);
    } else if (parameters.period_seconds < 1 || parameters.period_seconds > kMaxPeriodSeconds) {
        return fail(ErrorCode::PeriodOutOfRange);
    }
    return {};
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// Percent-encoding (RFC 3986, 2.1): whatever is not unreserved, so also the space, as `%20`.
void append_encoded(SecretText& text, std::string_view name) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : name) {
        if (is_unreserved(c)) {
            text.append(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text.append('%');
        text.append(kHex[byte >> 4]);
        text.append(kHex[byte & 15U]);
    }
}

std::string_view parameter_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::Sha256: return "SHA256";
        case Algorithm::Sha512: return "SHA512";
        case Algorithm::Sha1: break;
    }
    return "SHA1";
}

}  // namespace

Result<Secret> build_otpauth_uri(const OtpauthUri& uri) {
    const auto checked = check(uri);
    if (!checked) return fail(checked.error().code);

    SecretText text(512);
    text.append(uri.type == OtpType::Hotp ? "otpauth://hotp/" : "otpauth://totp/");
    append_encoded(text, uri.issuer);
    text.append(':');
    append_encoded(text, uri.account);
    text.append("?secret=");
    text.append(encode_base32(uri.secret.bytes()).text());
    text.append("&issuer=");
    append_encoded(text, uri.issuer);
    text.append("&algorithm=");
    text.append(parameter_of(uri.parameters.algorithm));
    text.append("&digits=");
    text.append_number(static_cast<std::uint64_t>(uri.parameters.digits));
    if (uri.type == OtpType::Hotp) {
        text.append("&counter=");
        text.append_number(*uri.counter);
    } else {
        text.append("&period=");
        text.append_number(static_cast<std::uint64_t>(uri.parameters.period_seconds));
    }
    return text.take();
}

}  // namespace countersign
