// SPDX-License-Identifier: Apache-2.0
// otpauth URIs, written and read. A number that stands for a type or a warning is an index into the
// enumeration of the core.
#include <emscripten/bind.h>

#include <string>

#include "countersign/otpauth_uri.h"
#include "parameters.h"
#include "values.h"

namespace countersign::wasm {
namespace {

val build_otpauth_uri_js(bool hotp, const val& issuer, const val& account, const val& secret, int algorithm,
                         int digits, double period, bool has_counter, unsigned counter_high,
                         unsigned counter_low) {
    const auto built = parameters_from(algorithm, digits, period).and_then([&](const auto& parameters) {
        OtpauthUri uri;
        uri.type = hotp ? OtpType::Hotp : OtpType::Totp;
        uri.issuer = std::string(secret_from(issuer).text());
        uri.account = std::string(secret_from(account).text());
        uri.secret = secret_from(secret);
        uri.parameters = parameters;
        if (has_counter) uri.counter = whole_of({counter_high, counter_low});
        return build_otpauth_uri(uri);
    });
    return to_js(built);
}

val parsed_to_js(const ParsedOtpauthUri& parsed) {
    const auto& uri = parsed.uri;
    val value = val::object();
    value.set("hotp", uri.type == OtpType::Hotp);
    value.set("issuer", text_to_js(uri.issuer));
    value.set("account", text_to_js(uri.account));
    value.set("secret", secret_to_js(uri.secret));
    value.set("algorithm", static_cast<int>(uri.parameters.algorithm));
    value.set("digits", uri.parameters.digits);
    value.set("periodSeconds", static_cast<double>(uri.parameters.period_seconds));
    if (uri.counter) {
        const auto halves = halves_of(*uri.counter);
        value.set("counterHigh", halves.high);
        value.set("counterLow", halves.low);
    }
    val warnings = val::array();
    for (const auto warning : parsed.warnings) warnings.call<void>("push", static_cast<int>(warning));
    value.set("warnings", warnings);
    return value;
}

val parse_otpauth_uri_js(const val& text) {
    return to_js(parse_otpauth_uri(secret_from(text).text()), parsed_to_js);
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_otpauth) {
    emscripten::function("buildOtpauthUri", &build_otpauth_uri_js);
    emscripten::function("parseOtpauthUri", &parse_otpauth_uri_js);
}

}  // namespace countersign::wasm
