// SPDX-License-Identifier: Apache-2.0
// Codes of counters. A counter crosses in two halves, and the algorithm as an index into `algorithms()`.
#include <emscripten/bind.h>

#include <optional>

#include "countersign/hotp.h"
#include "parameters.h"
#include "values.h"

namespace countersign::wasm {
namespace {

/// A period is no part of HOTP: any sound one does.
Result<HotpParameters> hotp_parameters_from(int algorithm, int digits) {
    return parameters_from(algorithm, digits, 30).map([](const TotpParameters& it) {
        return HotpParameters{it.algorithm, it.digits};
    });
}

std::optional<std::uint64_t> counter_from(bool given, Halves halves) {
    if (!given) return std::nullopt;
    return whole_of(halves);
}

val verdict_to_js(const HotpVerdict& verdict) {
    const auto halves = halves_of(verdict.counter);
    val value = val::object();
    value.set("outcome", text_to_js(outcome_name(verdict.outcome)));
    value.set("counterHigh", halves.high);
    value.set("counterLow", halves.low);
    return value;
}

val generate_hotp_js(const val& secret, unsigned counter_high, unsigned counter_low, int algorithm, int digits) {
    return to_js(hotp_parameters_from(algorithm, digits).and_then([&](const auto& parameters) {
        return generate_hotp(secret_from(secret).bytes(), whole_of({counter_high, counter_low}), parameters);
    }));
}

val verify_hotp_js(const val& secret, const val& code, int algorithm, int digits, int look_ahead,
                   bool has_last_used, unsigned last_used_high, unsigned last_used_low) {
    const auto verdict = hotp_parameters_from(algorithm, digits).and_then([&](const auto& parameters) {
        const HotpVerifyOptions options{parameters, look_ahead,
                                        counter_from(has_last_used, {last_used_high, last_used_low})};
        return verify_hotp(secret_from(secret).bytes(), secret_from(code).text(), options);
    });
    return to_js(verdict, verdict_to_js);
}

val resync_hotp_js(const val& secret, const val& first, const val& second, int algorithm, int digits, int reach,
                   bool has_last_used, unsigned last_used_high, unsigned last_used_low) {
    const auto verdict = hotp_parameters_from(algorithm, digits).and_then([&](const auto& parameters) {
        const HotpResyncOptions options{parameters, reach,
                                        counter_from(has_last_used, {last_used_high, last_used_low})};
        return resync_hotp(secret_from(secret).bytes(), secret_from(first).text(), secret_from(second).text(),
                           options);
    });
    return to_js(verdict, verdict_to_js);
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_hotp) {
    emscripten::function("generateHotp", &generate_hotp_js);
    emscripten::function("verifyHotp", &verify_hotp_js);
    emscripten::function("resyncHotp", &resync_hotp_js);
}

}  // namespace countersign::wasm
