// SPDX-License-Identifier: Apache-2.0
// Codes: made, made for many accounts in one crossing, checked, and folded from what people type.
#include <emscripten/bind.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "countersign/totp.h"
#include "parameters.h"
#include "values.h"
#include "verdict.h"

namespace countersign::wasm {
namespace {

struct CodeAndStep {
    Secret code;
    TimeStep step;
};

Result<CodeAndStep> generate(SecretView secret, UnixSeconds time, const TotpParameters& parameters) {
    auto code = generate_totp(secret, time, parameters);
    if (!code) return tl::unexpected(code.error());
    const auto step = time_step_at(time, parameters.period_seconds);
    if (!step) return tl::unexpected(step.error());
    return CodeAndStep{std::move(*code), *step};
}

val generate_totp_js(const val& secret, double time, int algorithm, int digits, double period) {
    const auto made = parameters_from(algorithm, digits, period).and_then([&](const auto& parameters) {
        return generate(secret_from(secret).bytes(), time_from(time), parameters);
    });
    return to_js(made, [](const CodeAndStep& it) {
        val value = val::object();
        value.set("code", secret_to_js(it.code));
        value.set("timeStep", number_of(it.step));
        return value;
    });
}

/// One account of a batch; the page packs it as four numbers.
struct BatchRow {
    double secret_bytes;
    double algorithm;
    double digits;
    double period_seconds;
};

std::vector<BatchRow> rows_from(const val& table) {
    static_assert(sizeof(BatchRow) == 4 * sizeof(double));
    std::vector<double> numbers(table["length"].as<std::size_t>());
    val(emscripten::typed_memory_view(numbers.size(), numbers.data())).call<void>("set", table);
    std::vector<BatchRow> rows;
    rows.reserve(numbers.size() / 4);
    for (std::size_t i = 0; i + 4 <= numbers.size(); i += 4) {
        rows.push_back({numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]});
    }
    return rows;
}

/// The codes, one after another; the length of each is its row's digits.
Result<Secret> generate_batch(SecretView secrets, const std::vector<BatchRow>& rows, UnixSeconds time) {
    Secret codes(rows.size() * kMaxDigits);
    std::size_t read = 0;
    std::size_t written = 0;
    for (const auto& row : rows) {
        const auto parameters = parameters_from(static_cast<int>(row.algorithm),
                                                static_cast<int>(row.digits), row.period_seconds);
        if (!parameters) return tl::unexpected(parameters.error());
        const auto size = std::min(static_cast<std::size_t>(row.secret_bytes), secrets.size() - read);
        const auto code = generate_totp(secrets.subspan(read, size), time, *parameters);
        if (!code) return tl::unexpected(code.error());
        const auto bytes = code->bytes();
        std::copy(bytes.begin(), bytes.end(), codes.writable().data() + written);
        read += size;
        written += bytes.size();
    }
    codes.truncate(written);
    return codes;
}

/// @param secrets  all secrets, one after another
/// @param table    a Float64Array, a `BatchRow` for each
val generate_totp_batch_js(const val& secrets, const val& table, double time) {
    return to_js(generate_batch(secret_from(secrets).bytes(), rows_from(table), time_from(time)));
}

val verify_totp_js(const val& secret, const val& code, double time, int algorithm, int digits, double period,
                   int past_steps, int future_steps, bool has_last_used, double last_used) {
    const auto verdict = parameters_from(algorithm, digits, period).and_then([&](const auto& parameters) {
        const VerifyOptions options{parameters, past_steps, future_steps, step_from(has_last_used, last_used)};
        return verify_totp(secret_from(secret).bytes(), secret_from(code).text(), time_from(time), options);
    });
    return to_js(verdict, verdict_to_js);
}

val resync_totp_js(const val& secret, const val& first, const val& second, double time, int algorithm, int digits,
                   double period, int radius_steps, bool has_last_used, double last_used) {
    const auto verdict = parameters_from(algorithm, digits, period).and_then([&](const auto& parameters) {
        const TotpResyncOptions options{parameters, radius_steps, step_from(has_last_used, last_used)};
        return resync_totp(secret_from(secret).bytes(), secret_from(first).text(), secret_from(second).text(),
                           time_from(time), options);
    });
    return to_js(verdict, verdict_to_js);
}

val fold_code_js(const val& typed) { return secret_to_js(fold_code(secret_from(typed).text())); }

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_totp) {
    emscripten::function("generateTotp", &generate_totp_js);
    emscripten::function("generateTotpBatch", &generate_totp_batch_js);
    emscripten::function("verifyTotp", &verify_totp_js);
    emscripten::function("resyncTotp", &resync_totp_js);
    emscripten::function("foldCode", &fold_code_js);
}

}  // namespace countersign::wasm
