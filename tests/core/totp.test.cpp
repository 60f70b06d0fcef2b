// SPDX-License-Identifier: Apache-2.0
#include "countersign/totp.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

Answer generate(const VectorCase& vector) {
    const auto code = generate_totp(vector.bytes("Secret"), UnixSeconds{vector.number("Time", 0)},
                                    parameters_of(vector));
    if (!code) return error_answer(code.error());
    return {{"Code", std::string(code->text())}};
}

Answer verify(const VectorCase& vector) {
    VerifyOptions options{parameters_of(vector), static_cast<int>(vector.number("Past", 1)),
                          static_cast<int>(vector.number("Future", 1)), std::nullopt};
    if (vector.has("LastUsed")) options.last_used = TimeStep{vector.number("LastUsed", 0)};
    const auto verdict = verify_totp(vector.bytes("Secret"), vector.text("Code"),
                                     UnixSeconds{vector.number("Time", 0)}, options);
    if (!verdict) return error_answer(verdict.error());
    Answer answer{{"Outcome", std::string(outcome_name(verdict->outcome))}};
    if (verdict->outcome != Outcome::Rejected) answer["Step"] = std::to_string(verdict->step.value);
    return answer;
}

const Secret& seed() {
    static const Secret seed(std::string_view("12345678901234567890"));
    return seed;
}

std::string code_at(std::int64_t step) {
    return std::string(generate_totp(seed().bytes(), UnixSeconds{step * 30}).value().text());
}

}  // namespace

TEST_CASE("rfc6238_totp.vec: codes are those of RFC 6238, appendix B", "[totp][vectors]") {
    run_vectors("rfc6238_totp.vec", {{"generate", generate}});
}

TEST_CASE("rfc4226_hotp.vec: codes are truncated as RFC 4226, appendix D", "[totp][vectors]") {
    run_vectors("rfc4226_hotp.vec", {{"generate", generate}});
}

TEST_CASE("totp_generate.vec: codes at the edges of time, period, digits and key [L20] [L23]",
          "[totp][vectors]") {
    run_vectors("totp_generate.vec", {{"generate", generate}, {"refused", generate}});
}

TEST_CASE("totp_verify.vec: windows, used steps and the highest match [R12] [L4] [L20] [L22]",
          "[totp][vectors]") {
    run_vectors("totp_verify.vec", {{"verify", verify}, {"refused", verify}});
}

TEST_CASE("with the default window exactly three codes are valid, with none exactly one [L22]", "[totp]") {
    constexpr std::int64_t kNow = 1234567890;
    std::set<std::string> candidates;
    for (std::int64_t step = kNow / 30 - 100; step <= kNow / 30 + 100; ++step) candidates.insert(code_at(step));
    for (int number = 0; number < 1000000; number += 97) {
        std::string code = std::to_string(number);
        candidates.insert(code.insert(0, 6 - code.size(), '0'));
    }
    const auto accepted = [&candidates](int past, int future) {
        return std::count_if(candidates.begin(), candidates.end(), [=](const std::string& code) {
            const auto verdict = verify_totp(seed().bytes(), code, UnixSeconds{kNow}, {{}, past, future, {}});
            return verdict.value().outcome == Outcome::Accepted;
        });
    };
    REQUIRE(candidates.size() > 10000);
    CHECK(accepted(0, 0) == 1);
    CHECK(accepted(VerifyOptions{}.past_steps, VerifyOptions{}.future_steps) == 3);
}

TEST_CASE("verify agrees with the definition for every step around and every used step [R12]", "[totp]") {
    constexpr std::int64_t kCenter = 41240547;  // its code is also that of the third step before it
    REQUIRE(code_at(kCenter) == code_at(kCenter - 3));
    for (std::int64_t typed = kCenter - 4; typed <= kCenter + 4; ++typed) {
        for (std::int64_t used = kCenter - 6; used <= kCenter + 6; ++used) {
            const std::string code = code_at(typed);
            Verdict expected;
            for (std::int64_t step = kCenter - 3; step <= kCenter + 2; ++step) {
                if (code_at(step) != code) continue;
                if (step > used)
                    expected = {Outcome::Accepted, TimeStep{step}};
                else if (expected.outcome != Outcome::Accepted)
                    expected = {Outcome::Replayed, TimeStep{step}};
            }
            const auto verdict = verify_totp(seed().bytes(), code, UnixSeconds{kCenter * 30 + 29},
                                             {{}, 3, 2, TimeStep{used}});
            REQUIRE(verdict.has_value());
            CHECK(verdict->outcome == expected.outcome);
            CHECK(verdict->step == expected.step);
        }
    }
}

TEST_CASE("a used code is refused until the end of its window, and a new one is not [L20]", "[totp]") {
    for (const std::int64_t period : {1, 30, 86400}) {
        const TotpParameters parameters{Algorithm::Sha1, 8, period};
        for (const std::int64_t start : {std::int64_t{0}, std::int64_t{1} << 31, std::int64_t{1} << 32}) {
            const std::int64_t step = start / period;
            const UnixSeconds now{step * period};
            const auto code = generate_totp(seed().bytes(), now, parameters).value();
            VerifyOptions options{parameters, 1, 1, std::nullopt};
            const auto first = verify_totp(seed().bytes(), code.text(), now, options).value();
            REQUIRE(first.outcome == Outcome::Accepted);
            options.last_used = first.step;
            const UnixSeconds later{now.value + period};
            CHECK(verify_totp(seed().bytes(), code.text(), later, options).value().outcome == Outcome::Replayed);
            const auto next = generate_totp(seed().bytes(), later, parameters).value();
            CHECK(verify_totp(seed().bytes(), next.text(), later, options).value().outcome == Outcome::Accepted);
        }
    }
}

TEST_CASE("a last used step of any value neither wraps nor crashes [L20]", "[totp]") {
    using Limits = std::numeric_limits<std::int64_t>;
    const auto outcome_after = [](std::int64_t last_used) {
        const VerifyOptions options{{}, 10, 10, TimeStep{last_used}};
        return verify_totp(seed().bytes(), code_at(0), UnixSeconds{0}, options).value().outcome;
    };
    CHECK(outcome_after(Limits::min()) == Outcome::Accepted);
    CHECK(outcome_after(-1) == Outcome::Accepted);
    CHECK(outcome_after(0) == Outcome::Replayed);
    CHECK(outcome_after(Limits::max()) == Outcome::Replayed);
}

TEST_CASE("time, window and period of any value are refused, not computed with [L20] [L23]", "[totp]") {
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t time : {Limits::min(), std::int64_t{-1}, kMaxUnixSeconds + 1, Limits::max()})
        CHECK(time_step_at(UnixSeconds{time}, 30).error().code == ErrorCode::TimeOutOfRange);
    for (const std::int64_t period : {Limits::min(), std::int64_t{0}, kMaxPeriodSeconds + 1, Limits::max()})
        CHECK(time_step_at(UnixSeconds{0}, period).error().code == ErrorCode::PeriodOutOfRange);
    CHECK(time_step_at(UnixSeconds{kMaxUnixSeconds}, 1).value() == TimeStep{kMaxUnixSeconds});
    CHECK(time_step_at(UnixSeconds{59}, 30).value() == TimeStep{1});
    const auto windowed = [](int past, int future) {
        return verify_totp(seed().bytes(), "000000", UnixSeconds{0}, {{}, past, future, {}}).error().code;
    };
    CHECK(windowed(std::numeric_limits<int>::max(), 0) == ErrorCode::WindowOutOfRange);
    CHECK(windowed(0, std::numeric_limits<int>::min()) == ErrorCode::WindowOutOfRange);
}

TEST_CASE("an algorithm that is not one of ours is refused", "[totp]") {
    const TotpParameters parameters{static_cast<Algorithm>(3), 6, 30};
    CHECK(generate_totp(seed().bytes(), UnixSeconds{0}, parameters).error().code == ErrorCode::AlgorithmUnknown);
}

TEST_CASE("text that is not UTF-8 is no code [L4]", "[totp]") {
    for (const std::string code : {"12345\xff", "12345\xb2", "\xc0\xb1" "2345", "123\xef\xbc"})
        CHECK(verify_totp(seed().bytes(), code, UnixSeconds{0}).error().code == ErrorCode::CodeMalformed);
}

TEST_CASE("locating a code tells the nearest step, before or after, from step 0 on [L20]", "[totp]") {
    constexpr std::int64_t kCenter = 1000000;
    const auto locate = [](const std::string& code, std::int64_t center, int radius) {
        return locate_totp(seed().bytes(), code, UnixSeconds{center * 30}, radius);
    };
    for (const std::int64_t step : {kCenter - 120, kCenter - 1, kCenter, kCenter + 1, kCenter + 120})
        CHECK(locate(code_at(step), kCenter, 120).value() == TimeStep{step});
    CHECK_FALSE(locate(code_at(kCenter + 3), kCenter, 2).value().has_value());
    CHECK_FALSE(locate(code_at(kCenter - 3), kCenter, 2).value().has_value());
    CHECK(locate(code_at(0), 0, 120).value() == TimeStep{0});
    CHECK(locate(code_at(5), 0, 120).value() == TimeStep{5});
    CHECK_FALSE(locate("293533", 0, 120).value().has_value());  // the code of step 2^64 - 5

    constexpr std::int64_t kTwin = 41240547;  // shares its digits with the third step before
    CHECK(locate(code_at(kTwin), kTwin, 10).value() == TimeStep{kTwin});
    CHECK(locate(code_at(kTwin), kTwin - 2, 10).value() == TimeStep{kTwin - 3});

    CHECK(locate("12345", kCenter, 1).error().code == ErrorCode::CodeMalformed);
    CHECK(locate("123456", kCenter, -1).error().code == ErrorCode::WindowOutOfRange);
    CHECK(locate("123456", kCenter, 121).error().code == ErrorCode::WindowOutOfRange);
}

TEST_CASE("algorithms are read in either case and with a dash, outcomes have names", "[totp]") {
    CHECK(parse_algorithm("SHA1").value() == Algorithm::Sha1);
    CHECK(parse_algorithm("sha-256").value() == Algorithm::Sha256);
    CHECK(parse_algorithm("Sha512").value() == Algorithm::Sha512);
    for (const std::string name : {"", "sha", "sha-", "-sha1", "sha--1", "sha1 ", "sha384", "md5"})
        CHECK(parse_algorithm(name).error().code == ErrorCode::AlgorithmUnknown);
    for (const auto algorithm : {Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512})
        CHECK(parse_algorithm(algorithm_name(algorithm)).value() == algorithm);
    CHECK(outcome_name(Outcome::Accepted) == "accepted");
    CHECK(outcome_name(Outcome::Rejected) == "rejected");
    CHECK(outcome_name(Outcome::Replayed) == "replayed");
}
