// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "countersign/totp.h"
#include "vector_file.h"

using namespace countersign;

namespace {

Answer resync(const VectorCase& vector) {
    TotpResyncOptions options{parameters_of(vector), static_cast<int>(vector.number("Radius", 20)), {}};
    if (vector.has("LastUsed")) options.last_used = TimeStep{vector.number("LastUsed", 0)};
    const auto verdict = resync_totp(vector.bytes("Secret"), vector.text("First"), vector.text("Second"),
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
    return std::string(generate_totp(seed().bytes(), UnixSeconds{step * 30})->text());
}

}  // namespace

TEST_CASE("totp_resync.vec: two codes in a row within a bound, none of them used [L5] [L20]",
          "[totp][vectors]") {
    run_vectors("totp_resync.vec", {{"resync", resync}, {"refused", resync}});
}

TEST_CASE("resync takes no pair that touches a used step, whatever the drift [L5]", "[totp]") {
    constexpr std::int64_t kNow = 1000000;
    for (std::int64_t used = kNow - 8; used <= kNow + 8; ++used) {
        for (std::int64_t step = kNow - 8; step <= kNow + 8; ++step) {
            const TotpResyncOptions options{{}, 6, TimeStep{used}};
            const auto verdict =
                resync_totp(seed().bytes(), code_at(step), code_at(step + 1), UnixSeconds{kNow * 30}, options);
            CAPTURE(used - kNow, step - kNow);
            const bool good = step > used && step >= kNow - 6 && step + 1 <= kNow + 6;
            CHECK((verdict->outcome == Outcome::Accepted) == good);
            if (good) CHECK(verdict->step.value == step + 1);
        }
    }
}

TEST_CASE("a last used step of any value neither wraps nor crashes resync [L20]", "[totp]") {
    using Limits = std::numeric_limits<std::int64_t>;
    const auto outcome_after = [](std::int64_t last_used) {
        const TotpResyncOptions options{{}, 120, TimeStep{last_used}};
        return resync_totp(seed().bytes(), code_at(0), code_at(1), UnixSeconds{0}, options)->outcome;
    };
    CHECK(outcome_after(Limits::min()) == Outcome::Accepted);
    CHECK(outcome_after(-1) == Outcome::Accepted);
    CHECK(outcome_after(0) == Outcome::Rejected);
    CHECK(outcome_after(Limits::max()) == Outcome::Rejected);
}
