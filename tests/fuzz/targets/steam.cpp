// SPDX-License-Identifier: Apache-2.0
// Steam Guard codes: verify against trying every step; either case is the same code.
#include "countersign/steam.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <string>

#include "require.h"

using namespace countersign;

namespace {

constexpr std::string_view kAlphabet = "23456789BCDFGHJKMNPQRTVWXY";

struct Question {
    Secret secret;
    std::string code;
    UnixSeconds now;
    SteamVerifyOptions options;
};

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string code_at(const Secret& secret, std::int64_t step) {
    const auto code = generate_steam(secret.bytes(), UnixSeconds{step * kSteamPeriodSeconds});
    require(code && code->size() == kSteamSymbols, "five symbols");
    require(code->text().find_first_not_of(kAlphabet) == std::string_view::npos, "of the alphabet");
    return std::string(code->text());
}

Question draw(FuzzedDataProvider& input) {
    Question question;
    // Away from both ends of time, so that every step of a window has a code that we can make.
    question.now.value = input.ConsumeIntegralInRange<std::int64_t>(3600, kMaxUnixSeconds - 3600);
    question.options.past_steps = input.ConsumeIntegralInRange(0, kMaxWindowSteps);
    question.options.future_steps = input.ConsumeIntegralInRange(0, kMaxWindowSteps);
    const std::int64_t center = question.now.value / kSteamPeriodSeconds;
    if (input.ConsumeBool()) question.options.last_used = TimeStep{center + input.ConsumeIntegralInRange(-12, 12)};
    const std::int64_t meant = center + input.ConsumeIntegralInRange(-12, 12);
    const bool typed = input.ConsumeBool();
    const bool lower = input.ConsumeBool();
    const std::string text = typed ? input.ConsumeRandomLengthString(8) : std::string();
    auto key = input.ConsumeRemainingBytes<std::uint8_t>();
    key.resize(std::clamp<std::size_t>(key.size(), 1, kMaxSecretBytes));
    question.secret = Secret(SecretView(key));
    question.code = typed ? text : code_at(question.secret, meant);
    if (lower)
        for (char& c : question.code)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return question;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    const Question question = draw(input);
    const std::string canonical = upper(question.code);
    const bool sound = canonical.size() == kSteamSymbols && canonical.find_first_not_of(kAlphabet) == std::string::npos;
    const auto verdict = verify_steam(question.secret.bytes(), question.code, question.now, question.options);
    require(verdict.has_value() == sound, "only a malformed code is an error");
    if (!sound) return 0;

    Verdict expected;
    const std::int64_t center = question.now.value / kSteamPeriodSeconds;
    const std::int64_t last = center + question.options.future_steps;
    for (std::int64_t step = center - question.options.past_steps; step <= last; ++step) {
        if (code_at(question.secret, step) != canonical) continue;
        const bool fresh = !question.options.last_used || step > question.options.last_used->value;
        if (fresh || expected.outcome != Outcome::Accepted)
            expected = {fresh ? Outcome::Accepted : Outcome::Replayed, TimeStep{step}};
    }
    require(verdict->outcome == expected.outcome && verdict->step == expected.step,
            "the verdict is that of trying every step");
    return 0;
}
