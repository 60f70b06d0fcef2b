// SPDX-License-Identifier: Apache-2.0
// The chances against real guessing: codes are drawn, guesses are drawn, and the share of users who fall is
// compared with the formula. The space of codes is scaled down until that happens often enough to count.
// COUNTERSIGN_SEED repeats a run.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "../../core/src/guess_pace.h"
#include "countersign/secret.h"
#include "guessing_machine.h"

using namespace countersign;

namespace {

std::uint64_t seed_of_run() {
    if (const char* given = std::getenv("COUNTERSIGN_SEED")) return std::strtoull(given, nullptr, 10);
    const Secret random = Secret::random(8);
    std::uint64_t seed = 0;
    for (const std::uint8_t byte : random.bytes()) seed = seed << 8 | byte;
    return seed;
}

/// The codes of consecutive steps, each drawn when it is first looked at.
class DrawnCodes {
  public:
    DrawnCodes(std::mt19937_64& random, std::uint32_t space) : random_(random), space_(space) {}

    std::uint32_t at(std::int64_t step) {
        last_ = std::max(last_, step - std::int64_t(codes_.size()));  // codes that nobody looks at are not drawn
        for (; last_ < step; ++last_) codes_[std::size_t(last_ + 1) % codes_.size()] = draw();
        return codes_[std::size_t(step) % codes_.size()];
    }
    std::uint32_t draw() { return std::uint32_t(random_() % space_); }

  private:
    std::mt19937_64& random_;
    std::uint32_t space_;
    std::array<std::uint32_t, 8> codes_{};
    std::int64_t last_ = -1;
};

/// Five standard errors of a share: one wrong alarm in two million.
void check_share(std::int64_t hits, std::int64_t trials, double chance) {
    const double share = double(hits) / double(trials);
    const double margin = 5 * std::sqrt(chance * (1 - chance) / double(trials));
    INFO(hits << " of " << trials << " users fell; the formula says " << chance << " +- " << margin);
    CHECK(hits > 30);
    CHECK(std::abs(share - chance) < margin);
}

struct Trial {
    Attack attack;
    std::uint32_t space;
    std::int64_t users;
};

}  // namespace

TEST_CASE("as many users fall to a guesser of TOTP as the formula says [R9] [R12] [R13]", "[guess][simulation]") {
    const std::uint64_t seed = seed_of_run();
    std::printf("guess_simulation: seed %llu\n", static_cast<unsigned long long>(seed));
    INFO("COUNTERSIGN_SEED=" << seed);
    std::mt19937_64 random(seed);
    const SecondFactorPolicy policy;  // three steps are good
    for (const Trial& trial : {Trial{{true, false, false, kSecondsPerDay}, 1000, 20000},
                               Trial{{true, false, false, kFailureWindowSeconds}, 10000, 3000},
                               Trial{{true, true, false, kSecondsPerYear}, 10000, 3000},
                               Trial{{true, false, false, kSecondsPerYear}, 100000, 600}}) {
        std::int64_t hits = 0;
        for (std::int64_t user = 0; user < trial.users; ++user) {
            DrawnCodes codes(random, trial.space);
            bool hit = false;
            run_attack(policy, trial.attack, [&](std::int64_t now) {
                const std::uint32_t guess = codes.draw();
                const std::int64_t step = now / 30 + 1;  // so that the step before exists
                codes.at(step + 1);
                hit = guess == codes.at(step - 1) || guess == codes.at(step) || guess == codes.at(step + 1);
                return hit;
            });
            hits += hit ? 1 : 0;
        }
        const auto guesser = trial.attack.patient ? Guesser::Patient : Guesser::FullPace;
        const auto guesses = guesses_before(policy, OwnerSignsIn::Daily, guesser, trial.attack.seconds);
        check_share(hits, trial.users, chance_of_changing(trial.space, 3, double(guesses)));
    }
}

TEST_CASE("as many users fall to a guesser of mails and of lasting secrets as the formulas say [R23] [R24]",
          "[guess][simulation]") {
    const std::uint64_t seed = seed_of_run();
    std::printf("guess_simulation: seed %llu\n", static_cast<unsigned long long>(seed));
    INFO("COUNTERSIGN_SEED=" << seed);
    std::mt19937_64 random(seed);
    const SecondFactorPolicy policy;
    constexpr std::uint32_t kSpace = 500;
    constexpr std::int64_t kUsers = 1500;
    const std::int64_t seconds = 6 * kSecondsPerDay;
    std::int64_t by_mail = 0;
    std::int64_t by_answer = 0;
    for (std::int64_t user = 0; user < kUsers; ++user) {
        run_attack(policy, {false, false, true, seconds}, [&](std::int64_t) {
            const bool hit = random() % kSpace == 0;  // whatever the mailed code is, a guess is it as often
            by_mail += hit ? 1 : 0;
            return hit;
        });
        std::uint64_t guess = 0;  // every answer once, in an order that says nothing
        const std::uint64_t answer = random() % kSpace;
        run_attack(policy, {false, false, false, seconds}, [&](std::int64_t) {
            const bool hit = guess++ == answer;
            by_answer += hit ? 1 : 0;
            return hit;
        });
    }
    const auto mails = email_guesses_before(policy, OwnerSignsIn::No, Guesser::FullPace, seconds);
    const auto answers = guesses_before(policy, OwnerSignsIn::No, Guesser::FullPace, seconds);
    check_share(by_mail, kUsers, chance_of_changing(kSpace, 1, double(mails)));
    check_share(by_answer, kUsers, chance_of_fixed(kSpace, 1, double(answers)));
}
