// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "countersign/guess_budget.h"

// How fast guesses can be made: the server's counting statement, run by someone who never waits longer than
// he has to. Times are whole seconds from the first guess.

namespace countersign {

inline constexpr std::int64_t kSecondsPerDay = 86400;
inline constexpr std::int64_t kFailureWindowSeconds = 30 * kSecondsPerDay;
inline constexpr std::int64_t kSecondsPerYear = 365 * kSecondsPerDay;
/// This failure in a row disables a credential, whatever the policy's cap of 30 days (NIST SP 800-63B-4, 3.2.2).
inline constexpr std::int64_t kMostInARow = 100;

/// The pauses after failures in a row, in closed form.
struct PauseLadder {
    std::int64_t from_failure;
    std::int64_t start;
    std::int64_t cap;

    /// When the n-th guess comes after a success, n from 1.
    [[nodiscard]] std::int64_t time_of(std::int64_t n) const noexcept;
    /// How many guesses come before this time.
    [[nodiscard]] std::int64_t count_before(std::int64_t seconds) const noexcept;
};

[[nodiscard]] PauseLadder ladder_of(const SecondFactorPolicy& policy) noexcept;

enum class OwnerSignsIn : bool { No, Daily };
enum class Guesser : bool { FullPace, Patient };

/// How many guesses at a method without mails fit before `seconds`.
[[nodiscard]] std::int64_t guesses_before(const SecondFactorPolicy& policy, OwnerSignsIn owner, Guesser guesser,
                                          std::int64_t seconds) noexcept;

/// The same for codes by email, each of which has to be asked for.
[[nodiscard]] std::int64_t email_guesses_before(const SecondFactorPolicy& policy, OwnerSignsIn owner,
                                                Guesser guesser, std::int64_t seconds);

/// 1 - (1 - 1/space)^(guesses * good): codes that change.
[[nodiscard]] double chance_of_changing(double space, double good, double guesses) noexcept;
/// min(1, guesses * good / space): a secret that stays.
[[nodiscard]] double chance_of_fixed(double space, double good, double guesses) noexcept;

}  // namespace countersign
