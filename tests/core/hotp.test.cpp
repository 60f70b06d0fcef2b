// SPDX-License-Identifier: Apache-2.0
#include "countersign/hotp.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint64_t> counter_in(const VectorCase& vector, const std::string& key) {
    const std::string digits = vector.text(key);
    if (digits.empty()) return std::nullopt;
    return std::stoull(digits);
}

HotpParameters hotp_parameters(const VectorCase& vector) {
    return {algorithm_of(vector), static_cast<int>(vector.number("Digits", 6))};
}

Answer generate_at(const VectorCase& vector, std::uint64_t counter) {
    const auto code = generate_hotp(vector.bytes("Secret"), counter, hotp_parameters(vector));
    if (!code) return error_answer(code.error());
    return {{"Code", std::string(code->text())}};
}

Answer generate(const VectorCase& vector) { return generate_at(vector, counter_in(vector, "Counter").value()); }

Answer generate_of_rfc(const VectorCase& vector) {
    REQUIRE(vector.number("Period", 1) == 1);
    return generate_at(vector, counter_in(vector, "Time").value());
}

Answer answer_of(const Result<HotpVerdict>& verdict) {
    if (!verdict) return error_answer(verdict.error());
    Answer answer{{"Outcome", std::string(outcome_name(verdict->outcome))}};
    if (verdict->outcome != Outcome::Rejected) answer["MatchedCounter"] = std::to_string(verdict->counter);
    return answer;
}

Answer verify(const VectorCase& vector) {
    const HotpVerifyOptions options{hotp_parameters(vector), static_cast<int>(vector.number("LookAhead", 10)),
                                    counter_in(vector, "LastUsed")};
    return answer_of(verify_hotp(vector.bytes("Secret"), vector.text("Code"), options));
}

Answer resync(const VectorCase& vector) {
    const HotpResyncOptions options{hotp_parameters(vector), static_cast<int>(vector.number("Reach", 100)),
                                    counter_in(vector, "LastUsed")};
    return answer_of(resync_hotp(vector.bytes("Secret"), vector.text("First"), vector.text("Second"), options));
}

const Secret& seed() {
    static const Secret seed(std::string_view("12345678901234567890"));
    return seed;
}

std::string code_at(std::uint64_t counter) { return std::string(generate_hotp(seed().bytes(), counter)->text()); }

}  // namespace

TEST_CASE("rfc4226_hotp.vec: codes of counters are those of RFC 4226, appendix D", "[hotp][vectors]") {
    run_vectors("rfc4226_hotp.vec", {{"generate", generate_of_rfc}});
}

TEST_CASE("hotp.vec: counters of 64 bits, the look-ahead, and the way back [L5] [L20] [L26]", "[hotp][vectors]") {
    run_vectors("hotp.vec", {{"generate", generate},
                             {"refused", generate},
                             {"verify", verify},
                             {"verify_refused", verify},
                             {"resync", resync},
                             {"resync_refused", resync}});
}

TEST_CASE("TOTP is HOTP of the step, for every algorithm", "[hotp]") {
    for (const auto algorithm : {Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512}) {
        for (std::int64_t step = 0; step < 50; ++step) {
            const auto totp = generate_totp(seed().bytes(), UnixSeconds{step * 30}, {algorithm, 8, 30});
            const auto hotp = generate_hotp(seed().bytes(), static_cast<std::uint64_t>(step), {algorithm, 8});
            CHECK(totp->text() == hotp->text());
        }
    }
}

TEST_CASE("verify never accepts a counter that is used, or beyond the look-ahead [L5] [L20]", "[hotp]") {
    for (const std::uint64_t used : {std::uint64_t{3}, (std::uint64_t{1} << 32) - 2, kLast - 9}) {
        for (std::int64_t offset = -3; offset <= 16; ++offset) {
            const std::uint64_t counter = used + static_cast<std::uint64_t>(offset);  // wraps past the last, too
            const auto verdict = verify_hotp(seed().bytes(), code_at(counter), {{}, 12, used}).value();
            const bool in_reach = counter > used && offset <= 13;
            CAPTURE(used, offset);
            CHECK(verdict.outcome == (in_reach      ? Outcome::Accepted
                                      : offset == 0 ? Outcome::Replayed
                                                    : Outcome::Rejected));
            if (in_reach) CHECK(verdict.counter == counter);
        }
    }
}

TEST_CASE("resync takes no pair that touches a used counter, wherever the token is [L5]", "[hotp]") {
    for (const std::uint64_t used : {std::uint64_t{40}, (std::uint64_t{1} << 32) - 3, kLast - 30}) {
        for (std::int64_t offset = -30; offset <= 28; ++offset) {
            const std::uint64_t counter = used + static_cast<std::uint64_t>(offset);
            const auto verdict =
                resync_hotp(seed().bytes(), code_at(counter), code_at(counter + 1), {{}, 20, used}).value();
            CAPTURE(used, offset);
            CHECK((verdict.outcome == Outcome::Accepted) == (offset >= 1 && offset <= 21));
            if (verdict.outcome == Outcome::Accepted) {
                CHECK(verdict.counter == counter + 1);
                CHECK(verdict.counter > used);
            }
        }
    }
}

TEST_CASE("once resynced, neither of the two codes is good again [L5]", "[hotp]") {
    const auto found = resync_hotp(seed().bytes(), code_at(70), code_at(71), {{}, 100, 5}).value();
    REQUIRE(found.outcome == Outcome::Accepted);
    CHECK(verify_hotp(seed().bytes(), code_at(70), {{}, 10, found.counter})->outcome == Outcome::Rejected);
    CHECK(verify_hotp(seed().bytes(), code_at(71), {{}, 10, found.counter})->outcome == Outcome::Replayed);
    CHECK(resync_hotp(seed().bytes(), code_at(70), code_at(71), {{}, 100, found.counter})->outcome ==
          Outcome::Rejected);
    CHECK(verify_hotp(seed().bytes(), code_at(72), {{}, 10, found.counter})->counter == 72);
}
