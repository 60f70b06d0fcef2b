// SPDX-License-Identifier: Apache-2.0
// TOTP's verify, resync and locate against what their contracts say, found out the slow way: by making the
// code of every step that could be meant.
#include "countersign/totp.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "countersign/hotp.h"
#include "require.h"

using namespace countersign;

namespace {

struct Question {
    Secret secret;
    std::string code;
    UnixSeconds now;
    VerifyOptions options;
};

/// The code of a step near now, so that matches are not left to luck; empty where there is none.
std::string code_at(const Question& question, std::int64_t step) {
    if (step < 0) return {};
    const TotpParameters& parameters = question.options.parameters;
    const auto code = generate_hotp(question.secret.bytes(), static_cast<std::uint64_t>(step),
                                    {parameters.algorithm, parameters.digits});
    require(code && code->size() == static_cast<std::size_t>(parameters.digits), "every step has a code");
    return std::string(code->text());
}

Question draw(FuzzedDataProvider& input) {
    Question question;
    TotpParameters& parameters = question.options.parameters;
    parameters.algorithm = static_cast<Algorithm>(input.ConsumeIntegralInRange(0, 2));
    parameters.digits = input.ConsumeIntegralInRange(kMinDigits, kMaxDigits);
    parameters.period_seconds = input.ConsumeIntegralInRange<std::int64_t>(1, kMaxPeriodSeconds);
    question.now.value = input.ConsumeIntegralInRange<std::int64_t>(0, kMaxUnixSeconds);
    question.options.past_steps = input.ConsumeIntegralInRange(0, kMaxWindowSteps);
    question.options.future_steps = input.ConsumeIntegralInRange(0, kMaxWindowSteps);
    const std::int64_t center = question.now.value / parameters.period_seconds;
    switch (input.ConsumeIntegralInRange(0, 3)) {
        case 0: break;
        case 1: question.options.last_used = TimeStep{input.ConsumeIntegral<std::int64_t>()}; break;
        default: question.options.last_used = TimeStep{center + input.ConsumeIntegralInRange(-12, 12)};
    }
    const std::int64_t meant = center + input.ConsumeIntegralInRange(-12, 12);
    const bool typed = input.ConsumeBool();
    const std::string text = typed ? input.ConsumeRandomLengthString(12) : std::string();
    auto key = input.ConsumeRemainingBytes<std::uint8_t>();
    key.resize(std::clamp<std::size_t>(key.size(), 1, kMaxSecretBytes));
    question.secret = Secret(SecretView(key));
    question.code = typed ? text : code_at(question, meant);
    return question;
}

Result<Verdict> verify(const Question& question) {
    VerifyOptions options = question.options;
#ifdef COUNTERSIGN_PLANTED_DEFECT
    if (options.last_used && options.last_used->value > 0) --options.last_used->value;  // the last one is good again
#endif
    return verify_totp(question.secret.bytes(), question.code, question.now, options);
}

void check_verify(const Question& question) {
    const VerifyOptions& options = question.options;
    const std::int64_t center = question.now.value / options.parameters.period_seconds;
    const bool sound = question.code.size() == static_cast<std::size_t>(options.parameters.digits) &&
                       question.code.find_first_not_of("0123456789") == std::string::npos;
    const auto verdict = verify(question);
    require(verdict.has_value() == sound, "only a malformed code is an error");
    if (!sound) {
        require(verdict.error().code == ErrorCode::CodeMalformed, "and is told so");
        return;
    }
    Verdict expected;
    const std::int64_t first = std::max<std::int64_t>(0, center - options.past_steps);
    for (std::int64_t step = first; step <= center + options.future_steps; ++step) {
        if (code_at(question, step) != question.code) continue;
        const bool fresh = !options.last_used || step > options.last_used->value;
        if (fresh || expected.outcome != Outcome::Accepted)
            expected = {fresh ? Outcome::Accepted : Outcome::Replayed, TimeStep{step}};
    }
    require(verdict->outcome == expected.outcome, "the outcome is that of trying every step");
    require(verdict->step == expected.step, "the step is the highest that matches");
    if (verdict->outcome != Outcome::Accepted) return;
    VerifyOptions after = options;
    after.last_used = verdict->step;
    const auto again = verify_totp(question.secret.bytes(), question.code, question.now, after);
    require(again && again->outcome == Outcome::Replayed, "a code is accepted once");
}

void check_looking(const Question& question) {
    const VerifyOptions& options = question.options;
    const int radius = options.past_steps;
    const std::int64_t center = question.now.value / options.parameters.period_seconds;
    const auto located = locate_totp(question.secret.bytes(), question.code, question.now, radius, options.parameters);
    if (located && *located) {
        require(std::abs((*located)->value - center) <= radius, "what is located is in the radius");
        require(code_at(question, (*located)->value) == question.code, "and has that code");
    }
    const std::string second = code_at(question, center);
    const auto resynced = resync_totp(question.secret.bytes(), question.code, second, question.now,
                                      {options.parameters, radius, options.last_used});
    if (!resynced || resynced->outcome != Outcome::Accepted) return;
    require(std::abs(resynced->step.value - center) <= radius, "resync stays in the radius");
    require(!options.last_used || resynced->step.value - 1 > options.last_used->value,
            "both codes are above the last used step");
    require(code_at(question, resynced->step.value) == second &&
                code_at(question, resynced->step.value - 1) == question.code,
            "the codes are those of two steps next to each other");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    const Question question = draw(input);
    check_verify(question);
    check_looking(question);
    return 0;
}
