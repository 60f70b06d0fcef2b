// SPDX-License-Identifier: Apache-2.0
// otpauth URIs: what is accepted is within its ranges; what can be built from it is read back the same,
// is built the same again, and has nothing odd about it but unusual parameters.
#include "countersign/otpauth_uri.h"

#include <algorithm>

#include "require.h"
#include "utf8.h"

using namespace countersign;

namespace {

Result<ParsedOtpauthUri> parse(std::string_view text) {
#ifdef COUNTERSIGN_PLANTED_DEFECT
    if (text.ends_with("%")) require(text.data()[text.size()] != '!', "reads one byte too far");
#endif
    return parse_otpauth_uri(text);
}

void check_ranges(const ParsedOtpauthUri& parsed) {
    const OtpauthUri& uri = parsed.uri;
    require(!uri.secret.empty() && uri.secret.size() <= kMaxSecretBytes, "a secret of 1 to 1024 bytes");
    require(uri.parameters.digits >= kMinDigits && uri.parameters.digits <= kMaxDigits, "6 to 10 digits");
    require(uri.parameters.period_seconds >= 1 && uri.parameters.period_seconds <= kMaxPeriodSeconds,
            "a period of 1 to 86400");
    require(uri.counter.has_value() == (uri.type == OtpType::Hotp), "a counter for hotp alone");
    require(!uri.issuer.empty() || !uri.account.empty(), "something to call it by");
    require(is_printable_utf8(uri.issuer) && is_printable_utf8(uri.account), "names are printable");
    require(std::is_sorted(parsed.warnings.begin(), parsed.warnings.end()) &&
                std::adjacent_find(parsed.warnings.begin(), parsed.warnings.end()) == parsed.warnings.end(),
            "each warning once, in order");
}

void check_same(const OtpauthUri& a, const OtpauthUri& b) {
    require(a.type == b.type && a.issuer == b.issuer && a.account == b.account && a.counter == b.counter,
            "names, type and counter survive");
    require(same(a.secret.bytes(), b.secret.bytes()), "the secret survives");
    require(a.parameters.algorithm == b.parameters.algorithm && a.parameters.digits == b.parameters.digits,
            "algorithm and digits survive");
    require(a.type == OtpType::Hotp || a.parameters.period_seconds == b.parameters.period_seconds,
            "the period survives");
}

bool is_about_parameters(UriWarning warning) {
    return warning == UriWarning::UnusualDigits || warning == UriWarning::UnusualPeriod ||
           warning == UriWarning::UnusualAlgorithm;
}

void check_building(const OtpauthUri& uri) {
    const auto built = build_otpauth_uri(uri);
    if (!built) {
        const ErrorCode code = built.error().code;
        require(code == ErrorCode::IssuerMalformed || code == ErrorCode::AccountMalformed ||
                    code == ErrorCode::SecretTooShort || code == ErrorCode::SecretTooLong,
                "only names and sizes are stricter when building");
        return;
    }
    const auto again = parse(built->text());
    require(again.has_value(), "what is built is accepted");
    check_same(uri, again->uri);
    require(std::all_of(again->warnings.begin(), again->warnings.end(), is_about_parameters),
            "what is built is not odd");
    const auto rebuilt = build_otpauth_uri(again->uri);
    require(rebuilt && same(rebuilt->bytes(), built->bytes()), "the built form is canonical");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact text(text_of(data, size));
    const auto parsed = parse(text.text());
    if (!parsed) return 0;
    check_ranges(*parsed);
    check_building(parsed->uri);
    return 0;
}
