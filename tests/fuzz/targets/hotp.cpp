// SPDX-License-Identifier: Apache-2.0
// HOTP's verify and resync against their contracts, found out by making the code of every counter in reach;
// counters come from all of 64 bits, their end included.
#include "countersign/hotp.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <limits>
#include <string>

#include "require.h"

using namespace countersign;

namespace {

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

struct Question {
    Secret secret;
    std::string code;
    std::uint64_t next = 0;  ///< the counter after the last used one; 0 after the last of all
    HotpVerifyOptions options;
};

std::string code_at(const Question& question, std::uint64_t counter) {
    const auto code = generate_hotp(question.secret.bytes(), counter, question.options.parameters);
    require(code && code->size() == static_cast<std::size_t>(question.options.parameters.digits),
            "every counter has a code");
    return std::string(code->text());
}

Question draw(FuzzedDataProvider& input) {
    Question question;
    question.options.parameters.algorithm = static_cast<Algorithm>(input.ConsumeIntegralInRange(0, 2));
    question.options.parameters.digits = input.ConsumeIntegralInRange(kMinDigits, kMaxDigits);
    question.options.look_ahead = input.ConsumeIntegralInRange(0, 12);
    if (input.ConsumeBool()) {
        const bool near_the_end = input.ConsumeBool();
        const auto drawn = near_the_end ? kLast - input.ConsumeIntegralInRange<std::uint64_t>(0, 20)
                                        : input.ConsumeIntegral<std::uint64_t>();
        question.options.last_used = drawn;
        question.next = drawn + 1;
    }
    const std::uint64_t meant = question.next + input.ConsumeIntegralInRange<std::uint64_t>(0, 16) - 2;
    const bool typed = input.ConsumeBool();
    const std::string text = typed ? input.ConsumeRandomLengthString(12) : std::string();
    auto key = input.ConsumeRemainingBytes<std::uint8_t>();
    key.resize(std::clamp<std::size_t>(key.size(), 1, kMaxSecretBytes));
    question.secret = Secret(SecretView(key));
    question.code = typed ? text : code_at(question, meant);
    return question;
}

/// How many counters there are to look at.
std::uint64_t counters_in_reach(const Question& question, std::uint64_t wanted) {
    if (!question.options.last_used) return wanted;
    return std::min(wanted, kLast - *question.options.last_used);
}

HotpVerdict expected_verdict(const Question& question) {
    HotpVerdict expected;
    const auto& last_used = question.options.last_used;
    if (last_used && code_at(question, *last_used) == question.code) expected = {Outcome::Replayed, *last_used};
    const auto count = counters_in_reach(question, static_cast<std::uint64_t>(question.options.look_ahead) + 1);
    for (std::uint64_t i = 0; i < count; ++i)
        if (code_at(question, question.next + i) == question.code)
            expected = {Outcome::Accepted, question.next + i};
    return expected;
}

void check_verify(const Question& question) {
    const bool sound = question.code.size() == static_cast<std::size_t>(question.options.parameters.digits) &&
                       question.code.find_first_not_of("0123456789") == std::string::npos;
    const auto verdict = verify_hotp(question.secret.bytes(), question.code, question.options);
    require(verdict.has_value() == sound, "only a malformed code is an error");
    if (!sound) return;
    const HotpVerdict expected = expected_verdict(question);
    require(verdict->outcome == expected.outcome, "the outcome is that of trying every counter");
    require(verdict->counter == expected.counter, "the counter is the highest that matches");
    if (verdict->outcome != Outcome::Accepted) return;
    require(!question.options.last_used || verdict->counter > *question.options.last_used, "above the last used");
    HotpVerifyOptions after = question.options;
    after.last_used = verdict->counter;
    const auto again = verify_hotp(question.secret.bytes(), question.code, after);
    require(again && (again->outcome == Outcome::Replayed || again->counter > verdict->counter),
            "a counter is accepted once");
}

void check_resync(const Question& question) {
    const HotpResyncOptions options{question.options.parameters, question.options.look_ahead,
                                    question.options.last_used};
    const std::string second = code_at(question, question.next + 1);
    const auto verdict = resync_hotp(question.secret.bytes(), question.code, second, options);
    if (!verdict) return;
    HotpVerdict expected;
    const auto count = counters_in_reach(question, static_cast<std::uint64_t>(options.reach) + 2);
    for (std::uint64_t i = 1; i < count; ++i)
        if (code_at(question, question.next + i - 1) == question.code && code_at(question, question.next + i) == second)
            expected = {Outcome::Accepted, question.next + i};
    require(verdict->outcome == expected.outcome && verdict->counter == expected.counter,
            "resync finds the highest pair in reach, and only above the last used counter");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    const Question question = draw(input);
    check_verify(question);
    check_resync(question);
    return 0;
}
