// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "countersign/second_factor_policy.h"

// How likely is it that somebody who has the password guesses the second factor?
//
// The guesser tries at full pace: at the very moment each pause ends. The counting is the server's: a failure
// counts once on every active credential of the method; from `pause_from_failure` in a row on each failure
// begins a pause of min(cap, start * 2^j); `window_cap` failures within 30 days, counted from the first of
// them, disable the credential, and so does the 100th in a row. What else is assumed, always to the guesser's
// favor:
//
// - The owner signs in every day with the login method, as soon after each 24 hours as no pause runs. That
//   clears the failures in a row of that method, not its count of 30 days, and no other method's.
// - A disabled method is configured anew by its owner at once, with counts of zero. `patient_year` is the other
//   choice: a guesser who stops one failure short of each cap, and so disables nothing; where the owner does not
//   sign in with the method, that ends after 99 guesses for good.
// - All mails that the limits allow are sent for the guesser.
//
// Closed forms. With t = pause_from_failure, s = start, c = cap and J the least j with s * 2^j >= c, the guess
// number n = t + j after a success comes at s * (2^min(j, J) - 1) + c * max(0, j - J) seconds (a geometric sum,
// then an arithmetic one), the first t at 0. The years are sums of such runs. n guesses at codes that change,
// of which w are good at any moment out of N, succeed with 1 - (1 - 1/N)^(n * w); n guesses at a secret that
// stays, of which m of N are good, with min(1, n * m / N), since nobody repeats a wrong guess at it. A guesser
// who never repeats a guess at one changing code gains less than `email_tries` / N of that.

namespace countersign {

/// What the policy does not say of a user.
struct GuessAssumptions {
    int authenticators = 1;  ///< 1 to 5 active at once; each is one more code that is right
    int static_codes = 10;   ///< 1 to 100 not used up yet; counts where static codes are on
    /// 0 to 64: how hard one security question is to guess, in bits. 0 is an answer that the guesser knows or
    /// finds out, which is what the standards assume of questions.
    double kba_bits_per_question = 0;
};

/// What is guessed at, each with counters of its own.
enum class GuessMethod : unsigned char { Totp, LoginEmail, Kba, AlternateEmail, SecurityCode };
inline constexpr int kGuessMethodCount = 5;

/// A way in: one method, or one after the other.
enum class GuessPath : unsigned char { Totp, LoginEmail, Kba, KbaEmail, AlternateEmail, SecurityCode };
inline constexpr int kGuessPathCount = 6;

/// `totp`, `login_email`, `kba`, `alternate_email`, `security_code`; static storage.
[[nodiscard]] std::string_view guess_method_name(GuessMethod method) noexcept;
/// The same, and `kba_email`; static storage.
[[nodiscard]] std::string_view guess_path_name(GuessPath path) noexcept;

/// How many guesses a guesser gets.
struct GuessCounts {
    std::int64_t day = 0;           ///< from one sign-in of the owner to the next
    std::int64_t window = 0;        ///< in 30 days at one credential, which may end it
    std::int64_t year = 0;          ///< 365 days
    std::int64_t patient_year = 0;  ///< 365 days without disabling anything
};

/// Chances of at least one right guess, 0 to 1.
struct GuessChances {
    double day = 0;
    double year = 0;
    double patient_year = 0;
};

/// One method of a path.
struct GuessStep {
    GuessMethod method = GuessMethod::Totp;
    double chance_per_guess = 0;
    GuessCounts guesses;
    GuessChances chances;
};

struct GuessPathBudget {
    GuessPath path = GuessPath::Totp;
    std::vector<GuessStep> steps;  ///< one or two
    GuessChances chances;          ///< for two steps the product, which is an upper bound
};

struct GuessBudget {
    std::vector<GuessPathBudget> paths;  ///< one or more, in the order of `GuessPath`
    std::size_t weakest = 0;             ///< index of the likeliest within a year; of equals the first
    /// All ways at once, for the user whose alternate is the weakest of those offered.
    GuessChances together;
};

/// Computes what guessing costs under a policy.
///
/// ```cpp
/// const auto budget = countersign::guess_budget({});
/// if (!budget) return 1;
/// const auto& weakest = budget->paths[budget->weakest];
/// std::printf("%s: %lld guesses a day, %.2g a year\n", std::string(guess_path_name(weakest.path)).c_str(),
///             static_cast<long long>(weakest.steps[0].guesses.day), weakest.chances.patient_year);
/// ```
///
/// @param assumptions  of the user who is attacked
/// Errors: those of `check_policy`, `policy.assumption_out_of_range`.
[[nodiscard]] Result<GuessBudget> guess_budget(const SecondFactorPolicy& policy,
                                               const GuessAssumptions& assumptions = {});

}  // namespace countersign
