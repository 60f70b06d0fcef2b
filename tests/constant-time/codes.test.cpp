// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "../../core/src/one_time_code.h"
#include "countersign/hotp.h"
#include "countersign/steam.h"
#include "countersign/totp.h"
#include "undefined.h"

using namespace countersign;
using namespace constant_time;

// Codes: seed and typed code are secret, and what is made of them. That a code matched, and where, is the
// answer, which the core declassifies at the end of its search and nowhere before.

namespace {

constexpr std::string_view kSeed = "12345678901234567890";
constexpr UnixSeconds kNow{1111111109};
constexpr std::array kAlgorithms{Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512};

SecretView seed_bytes() { return {reinterpret_cast<const std::uint8_t*>(kSeed.data()), kSeed.size()}; }

std::string totp_at(std::int64_t offset_steps, const TotpParameters& parameters = {}) {
    const UnixSeconds time{kNow.value + offset_steps * parameters.period_seconds};
    return std::string(generate_totp(seed_bytes(), time, parameters).value().text());
}

std::string hotp_at(std::uint64_t counter) { return std::string(generate_hotp(seed_bytes(), counter).value().text()); }

template <class T>
T answer_of(const Result<T>& result) {
    REQUIRE(result.has_value());
    return known(*result);
}

}  // namespace

TEST_CASE("control: this runs under valgrind, which sees a branch and a lookup by a secret", "[control]") {
    REQUIRE(RUNNING_ON_VALGRIND);
    const Secret secret = secret_of("s");
    volatile int sink = 0;
    CHECK(leaks_of([&] { if (secret.bytes()[0] == 's') sink = 1; }) == 1);
    static constexpr std::array<int, 256> kTable{};
    CHECK(leaks_of([&] { sink = kTable[secret.bytes()[0]]; }) == 1);
    CHECK(leaks_of([&] { sink = secret.bytes()[0] * 3; }) == 0);
}

TEST_CASE("making a code: the seed steers nothing", "[totp]") {
    for (const Algorithm algorithm : kAlgorithms) {
        for (const int digits : {6, 10}) {
            const TotpParameters parameters{algorithm, digits, 30};
            const Secret seed = secret_of(kSeed);
            Secret code;
            CHECK(leaks_of([&] { code = generate_totp(seed.bytes(), kNow, parameters).value(); }) == 0);
            mark_known(code.bytes());
            CHECK(code.text() == totp_at(0, parameters));
        }
    }
}

TEST_CASE("leaky twin: a digest cut where its last byte points, by address", "[twin]") {
    const Secret seed = secret_of(kSeed);
    const std::array<std::uint8_t, 8> message{};
    volatile unsigned number = 0;
    CHECK(leaks_of([&] {
              Digest digest;
              HmacKey(Algorithm::Sha1, seed.bytes()).sign(message, digest);
              const unsigned offset = digest.bytes[digest.size - 1] & 0xfU;
              number = digest.bytes[offset] & 0x7fU;
          }) > 0);
}

TEST_CASE("verify_totp: seed, code and where it matches steer nothing", "[totp]") {
    for (const Algorithm algorithm : kAlgorithms) {
        VerifyOptions options;
        options.parameters.algorithm = algorithm;
        options.past_steps = options.future_steps = 2;
        const std::int64_t center = time_step_at(kNow, 30)->value;
        options.last_used = TimeStep{center - 1};
        const std::array<Outcome, 6> expected{Outcome::Rejected, Outcome::Replayed, Outcome::Replayed,
                                              Outcome::Accepted, Outcome::Accepted, Outcome::Accepted};
        for (std::int64_t offset = -3; offset <= 2; ++offset) {
            const Secret seed = secret_of(kSeed);
            const Secret code = secret_of(totp_at(offset, options.parameters));
            Result<Verdict> verdict;
            CHECK(leaks_of([&] { verdict = verify_totp(seed.bytes(), code.text(), kNow, options); }) == 0);
            CHECK(answer_of(verdict).outcome == expected.at(static_cast<std::size_t>(offset + 3)));
        }
        const Secret malformed = secret_of("12a456");
        const Secret seed = secret_of(kSeed);
        Result<Verdict> refused;
        CHECK(leaks_of([&] { refused = verify_totp(seed.bytes(), malformed.text(), kNow, options); }) == 0);
        CHECK_FALSE(refused.has_value());
    }
}

TEST_CASE("leaky twin: a window that ends at the first match", "[twin]") {
    const Secret seed = secret_of(kSeed);
    const Secret code = secret_of(totp_at(0));
    CHECK(leaks_of([&] {
              Candidate candidate(seed.bytes(), CodeShape{});
              const auto center = static_cast<std::uint64_t>(time_step_at(kNow, 30)->value);
              for (std::uint64_t step = center - 1; step <= center + 1; ++step) {
                  candidate.make(step);
                  if (candidate.equals(code.text()) != 0) break;
              }
          }) > 0);
}

TEST_CASE("verify_hotp: seed, code and where it matches steer nothing", "[hotp]") {
    HotpVerifyOptions options;
    options.last_used = 4;
    options.look_ahead = 5;
    for (const std::uint64_t counter : {3U, 4U, 5U, 8U, 10U, 11U}) {
        const Secret seed = secret_of(kSeed);
        const Secret code = secret_of(hotp_at(counter));
        Result<HotpVerdict> verdict;
        CHECK(leaks_of([&] { verdict = verify_hotp(seed.bytes(), code.text(), options); }) == 0);
        const Outcome expected = counter == 4                    ? Outcome::Replayed
                                 : counter > 4 && counter <= 10 ? Outcome::Accepted
                                                                : Outcome::Rejected;
        CHECK(answer_of(verdict).outcome == expected);
    }
}

TEST_CASE("leaky twin: a code compared symbol by symbol until one differs", "[twin]") {
    const Secret seed = secret_of(kSeed);
    const Secret code = secret_of(hotp_at(5));
    volatile bool same = false;
    CHECK(leaks_of([&] {
              Candidate candidate(seed.bytes(), CodeShape{});
              candidate.make(5);
              same = std::memcmp(candidate.text().data(), code.text().data(), code.size()) == 0;
          }) > 0);
}

TEST_CASE("resync and locate: seed and codes steer nothing", "[resync]") {
    const Secret seed = secret_of(kSeed);
    const Secret first = secret_of(totp_at(3));
    const Secret second = secret_of(totp_at(4));
    TotpResyncOptions options;
    options.radius_steps = 6;
    Result<Verdict> verdict;
    CHECK(leaks_of([&] { verdict = resync_totp(seed.bytes(), first.text(), second.text(), kNow, options); }) == 0);
    CHECK(answer_of(verdict).step.value == time_step_at(kNow, 30)->value + 4);

    Result<std::optional<TimeStep>> located;
    CHECK(leaks_of([&] { located = locate_totp(seed.bytes(), first.text(), kNow, 6); }) == 0);
    CHECK(answer_of(located).value().value == time_step_at(kNow, 30)->value + 3);

    const Secret hotp_first = secret_of(hotp_at(7));
    const Secret hotp_second = secret_of(hotp_at(8));
    Result<HotpVerdict> counted;
    CHECK(leaks_of([&] { counted = resync_hotp(seed.bytes(), hotp_first.text(), hotp_second.text()); }) == 0);
    CHECK(answer_of(counted).counter == 8);
}

TEST_CASE("leaky twin: a pair whose second code is looked at only after the first has matched", "[twin]") {
    const Secret seed = secret_of(kSeed);
    const Secret first = secret_of(hotp_at(7));
    const Secret second = secret_of(hotp_at(8));
    volatile bool found = false;
    CHECK(leaks_of([&] {
              Candidate candidate(seed.bytes(), CodeShape{});
              candidate.make(7);
              if (candidate.equals(first.text()) == 0) return;
              candidate.make(8);
              found = known(candidate.equals(second.text())) != 0;
          }) > 0);
}

TEST_CASE("Steam codes: seed and code steer nothing, in either case", "[steam]") {
    const Secret seed = secret_of(kSeed);
    Secret code;
    CHECK(leaks_of([&] { code = generate_steam(seed.bytes(), kNow).value(); }) == 0);
    mark_known(code.bytes());
    std::string lower(code.text());
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const std::string& typed : {std::string(code.text()), lower, std::string("22222")}) {
        const Secret secret = secret_of(typed);
        Result<Verdict> verdict;
        CHECK(leaks_of([&] { verdict = verify_steam(seed.bytes(), secret.text(), kNow); }) == 0);
        CHECK((answer_of(verdict).outcome == Outcome::Accepted) == (typed != "22222"));
    }
    const Secret malformed = secret_of("2222A");
    Result<Verdict> refused;
    CHECK(leaks_of([&] { refused = verify_steam(seed.bytes(), malformed.text(), kNow); }) == 0);
    CHECK_FALSE(refused.has_value());
}

TEST_CASE("leaky twin: a Steam symbol taken from the alphabet by its index", "[twin]") {
    static constexpr std::string_view kAlphabet = "23456789BCDFGHJKMNPQRTVWXY";
    const Secret number = secret_of("\x05");
    volatile char symbol = 0;
    CHECK(leaks_of([&] { symbol = kAlphabet[number.bytes()[0]]; }) > 0);
}
