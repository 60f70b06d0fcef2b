// SPDX-License-Identifier: Apache-2.0
#include "countersign/guess_budget.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "../../core/src/guess_pace.h"
#include "guessing_machine.h"
#include "policy_of.h"
#include "vector_file.h"

using namespace countersign;

namespace {

std::string counts_text(const GuessCounts& it) {
    return std::to_string(it.day) + " " + std::to_string(it.window) + " " + std::to_string(it.year) + " " +
           std::to_string(it.patient_year);
}

std::string chances_text(const GuessChances& it) {
    return chance_text(it.day) + " " + chance_text(it.year) + " " + chance_text(it.patient_year);
}

// As the vectors spell it: "totp 34 100 13681 1287" for each step, then the chances of the path.
Answer budget(const VectorCase& vector) {
    GuessAssumptions user;
    user.authenticators = static_cast<int>(vector.number("Authenticators", user.authenticators));
    user.static_codes = static_cast<int>(vector.number("StaticCodes", user.static_codes));
    user.kba_bits_per_question = std::stod(vector.text("KbaBits", "0"));
    const auto budget = guess_budget(policy_of(vector), user);
    if (!budget) return error_answer(budget.error());
    Answer answer;
    std::string names;
    for (const GuessPathBudget& path : budget->paths) {
        const std::string name(guess_path_name(path.path));
        std::string steps;
        for (const GuessStep& step : path.steps) {
            if (!steps.empty()) steps += ", ";
            steps += std::string(guess_method_name(step.method)) + " " + counts_text(step.guesses);
        }
        answer["Path" + std::to_string(answer.size() + 1)] = name + ": " + steps + "; " + chances_text(path.chances);
    }
    answer["Weakest"] = guess_path_name(budget->paths[budget->weakest].path);
    answer["Together"] = chances_text(budget->together);
    return answer;
}

SecondFactorPolicy everything_on() {
    SecondFactorPolicy policy;
    policy.login_email = policy.forgot_phone = policy.users_choose = true;
    policy.alternate_kba = policy.alternate_kba_email = policy.alternate_email = true;
    policy.security_codes = SecurityCodeKinds::Both;
    return policy;
}

const GuessPathBudget& path_in(const GuessBudget& budget, GuessPath path) {
    for (const auto& it : budget.paths)
        if (it.path == path) return it;
    FAIL("the path is not open");
    return budget.paths.front();
}

std::int64_t machine_count(const SecondFactorPolicy& policy, Attack attack, std::int64_t seconds) {
    attack.seconds = seconds;
    return run_attack(policy, attack, [](std::int64_t) { return false; });
}

}  // namespace

TEST_CASE("guess_budget.vec: what guessing costs", "[guess][vectors]") {
    run_vectors("guess_budget.vec", {{"budget", budget}, {"refused", budget}});
}

// By hand from RULES R9 and R13: five guesses at once, then after pauses of 30, 60, 120, 240, 480, 960, 1920
// and from there on 3600 seconds.
TEST_CASE("the pauses come when the rules say, computed by hand [R9] [R13]", "[guess]") {
    const PauseLadder ladder = ladder_of({});
    const std::array<std::int64_t, 16> table{0,    0,    0,    0,    0,     30,    90,    210,
                                             450,  930,  1890, 3810, 7410,  11010, 14610, 18210};
    for (std::size_t i = 0; i < table.size(); ++i) CHECK(ladder.time_of(std::int64_t(i) + 1) == table[i]);
    CHECK(ladder.count_before(0) == 0);
    CHECK(ladder.count_before(1) == 5);
    CHECK(ladder.count_before(30) == 5);
    CHECK(ladder.count_before(31) == 6);
    CHECK(ladder.count_before(3810) == 11);
    CHECK(ladder.count_before(3811) == 12);
    // 12 in the first 3811 seconds, then one an hour: 12 + floor((86400 - 3811) / 3600) = 12 + 22.
    CHECK(ladder.count_before(86400) == 34);
    for (std::int64_t n = 6; n < 300; ++n) CHECK(ladder.count_before(ladder.time_of(n) + 1) == n);
}

TEST_CASE("the default policy's budget, computed by hand [R13] [R9d]", "[guess]") {
    const auto budget = guess_budget({});
    REQUIRE(budget);
    REQUIRE(budget->paths.size() == 1);
    const GuessStep& totp = budget->paths[0].steps.at(0);
    CHECK(totp.chance_per_guess == Approx(3e-6).epsilon(1e-5));  // three codes of a million
    CHECK(totp.guesses.day == 34);
    CHECK(totp.guesses.window == 100);
    // 99 in each of the twelve windows of 30 days and in the thirteenth, of five.
    CHECK(totp.guesses.patient_year == 13 * 99);
    CHECK(totp.chances.day == Approx(34 * 3e-6).epsilon(1e-4));
    CHECK(totp.chances.patient_year == Approx(1 - std::exp(-1287 * 3e-6)).epsilon(1e-4));
    // Five authenticators are five times as many codes that are right, at the same pace.
    const auto five = guess_budget({}, {5, 10, 0});
    REQUIRE(five);
    CHECK(five->paths[0].steps[0].guesses.year == totp.guesses.year);
    CHECK(five->paths[0].chances.day == Approx(5 * totp.chances.day).epsilon(1e-3));
}

// Whatever else it says, no policy lets 100 failures in a row pass (NIST SP 800-63B-4, 3.2.2).
TEST_CASE("a patient guesser gets 99 guesses for ever at a method that its owner does not use [R13]", "[guess]") {
    for (const int cap : {20, 100, 1000}) {
        SecondFactorPolicy policy = everything_on();
        policy.window_cap = cap;
        const auto budget = guess_budget(policy);
        REQUIRE(budget);
        for (const GuessPath path : {GuessPath::Kba, GuessPath::AlternateEmail, GuessPath::SecurityCode}) {
            const GuessCounts& guesses = path_in(*budget, path).steps[0].guesses;
            CHECK(guesses.patient_year == 99);
            CHECK(guesses.window == std::min(cap, 100));
        }
        CHECK(path_in(*budget, GuessPath::Totp).steps[0].guesses.patient_year > 200);
    }
}

TEST_CASE("the counts are those of the server's own statement, run guess by guess [R9] [R13] [R23]", "[guess]") {
    std::vector<SecondFactorPolicy> policies(8);
    policies[1].pause_from_failure = 1;
    policies[1].pause_cap_seconds = 86400;
    policies[1].pause_start_seconds = 3600;
    policies[2].pause_from_failure = 10;
    policies[2].pause_start_seconds = policies[2].pause_cap_seconds = 10;
    policies[2].window_cap = 20;
    policies[3].window_cap = 1000;
    policies[3].email_tries = 1;
    policies[3].email_sends_per_day = 3;
    policies[4].pause_cap_seconds = 7000;  // no power of two times 30
    policies[4].email_life_seconds = 60;
    policies[4].email_gap_seconds = 0;
    policies[5].email_gap_seconds = 3600;
    policies[5].email_sends_per_day = 100;
    policies[6].window_cap = 1000;  // 100 in a row come first
    policies[6].pause_cap_seconds = 30;
    policies[6].email_sends_per_hour = 60;
    policies[6].email_sends_per_day = 100;
    policies[6].email_gap_seconds = 10;
    policies[7].pause_cap_seconds = 43200;  // 100 in a row fall into two windows
    constexpr std::int64_t kDays[] = {1, 2, 31, 91};
    for (std::size_t i = 0; i < policies.size(); ++i) {
        for (const std::int64_t days : kDays) {
            for (const bool daily : {true, false}) {
                for (const bool patient : {true, false}) {
                    const auto owner = daily ? OwnerSignsIn::Daily : OwnerSignsIn::No;
                    const auto guesser = patient ? Guesser::Patient : Guesser::FullPace;
                    const std::int64_t seconds = days * kSecondsPerDay;
                    INFO("policy " << i << ", " << days << " days, daily " << daily << ", patient " << patient);
                    CHECK(guesses_before(policies[i], owner, guesser, seconds) ==
                          machine_count(policies[i], {daily, patient, false, 0}, seconds));
                    CHECK(email_guesses_before(policies[i], owner, guesser, seconds) ==
                          machine_count(policies[i], {daily, patient, true, 0}, seconds));
                }
            }
        }
    }
}

TEST_CASE("the paths are those that the policy opens, and no more [A1] [A2] [A3] [A4] [A6]", "[guess]") {
    SecondFactorPolicy policy = everything_on();
    CHECK(guess_budget(policy)->paths.size() == 6);
    policy.forgot_phone = false;  // what is offered below the switch does not count
    CHECK(guess_budget(policy)->paths.size() == 3);
    policy.security_codes = SecurityCodeKinds::None;
    CHECK(guess_budget(policy)->paths.size() == 2);
    policy.login_totp = false;
    REQUIRE(guess_budget(policy)->paths.size() == 1);
    CHECK(guess_budget(policy)->paths[0].path == GuessPath::LoginEmail);
}

TEST_CASE("answers that the guesser knows make questions the weakest path [A2] [A3]", "[guess]") {
    const auto known = guess_budget(everything_on());
    REQUIRE(known);
    CHECK(known->paths[known->weakest].path == GuessPath::Kba);
    CHECK(path_in(*known, GuessPath::Kba).chances.day == 1.0);
    CHECK(known->together.year == 1.0);
    // With known answers the mail after them is all that is left to guess.
    CHECK(path_in(*known, GuessPath::KbaEmail).chances.year == path_in(*known, GuessPath::AlternateEmail).chances.year);
    const auto hard = guess_budget(everything_on(), {1, 10, 64});
    REQUIRE(hard);
    CHECK(path_in(*hard, GuessPath::Kba).chances.year < 1e-50);  // 192 bits
    CHECK(path_in(*hard, GuessPath::Kba).chances.year > 0);
    CHECK(hard->paths[hard->weakest].path == GuessPath::Totp);
}

TEST_CASE("tiny chances are not lost in rounding", "[guess]") {
    SecondFactorPolicy policy;
    policy.security_codes = SecurityCodeKinds::Backup;
    policy.totp_digits = 10;
    policy.totp_past_steps = policy.totp_future_steps = 0;
    const auto budget = guess_budget(policy);
    REQUIRE(budget);
    CHECK(path_in(*budget, GuessPath::SecurityCode).chances.day == Approx(34 / std::ldexp(1.0, 75)));
    CHECK(path_in(*budget, GuessPath::Totp).chances.day == Approx(34e-10).epsilon(1e-6));
    CHECK(chance_of_changing(1e18, 1, 1) == Approx(1e-18).epsilon(1e-9));
    CHECK(chance_of_fixed(1, 1, 1) == 1.0);
}

TEST_CASE("assumptions beyond their ranges are refused", "[guess]") {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    for (const GuessAssumptions& user : std::vector<GuessAssumptions>{
             {0, 10, 0}, {6, 10, 0}, {1, 0, 0}, {1, 101, 0}, {1, 10, -0.1}, {1, 10, 64.1}, {1, 10, kNan}}) {
        const auto budget = guess_budget({}, user);
        REQUIRE_FALSE(budget);
        CHECK(error_name(budget.error().code) == "policy.assumption_out_of_range");
    }
    CHECK(guess_budget({}, {5, 100, 64}));
}

TEST_CASE("each number of a policy is refused just beyond its range", "[guess]") {
    struct Range {
        int SecondFactorPolicy::*field;
        int least, most;
    };
    const std::vector<Range> ranges{{&SecondFactorPolicy::totp_digits, 6, 10},
                                    {&SecondFactorPolicy::totp_period_seconds, 15, 300},
                                    {&SecondFactorPolicy::totp_past_steps, 0, 10},
                                    {&SecondFactorPolicy::totp_future_steps, 0, 10},
                                    {&SecondFactorPolicy::email_digits, 6, 10},
                                    {&SecondFactorPolicy::email_life_seconds, 60, 3600},
                                    {&SecondFactorPolicy::email_tries, 1, 20},
                                    {&SecondFactorPolicy::email_gap_seconds, 0, 3600},
                                    {&SecondFactorPolicy::email_sends_per_hour, 1, 60},
                                    {&SecondFactorPolicy::email_sends_per_day, 1, 100},
                                    {&SecondFactorPolicy::kba_questions, 1, 10},
                                    {&SecondFactorPolicy::pause_from_failure, 1, 10},
                                    {&SecondFactorPolicy::pause_start_seconds, 10, 3600},
                                    {&SecondFactorPolicy::pause_cap_seconds, 30, 86400},
                                    {&SecondFactorPolicy::window_cap, 20, 1000}};
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        INFO("field " << i);
        for (const int beyond : {ranges[i].least - 1, ranges[i].most + 1}) {
            SecondFactorPolicy policy;
            policy.*ranges[i].field = beyond;
            REQUIRE_FALSE(check_policy(policy));
            CHECK(check_policy(policy).error().code == ErrorCode::PolicyOutOfRange);
            CHECK_FALSE(guess_budget(policy));
        }
        for (const int at : {ranges[i].least, ranges[i].most}) {
            SecondFactorPolicy policy;
            policy.*ranges[i].field = at;
            CHECK(check_policy(policy));
        }
    }
}
