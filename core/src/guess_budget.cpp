// SPDX-License-Identifier: Apache-2.0
#include "countersign/guess_budget.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "guess_pace.h"

namespace countersign {
namespace {

// 15 random symbols of 32; the sixteenth follows from them.
constexpr int kSecurityCodeBits = 75;

bool sound(const GuessAssumptions& it) noexcept {
    return it.authenticators >= 1 && it.authenticators <= 5 && it.static_codes >= 1 && it.static_codes <= 100 &&
           it.kba_bits_per_question >= 0 && it.kba_bits_per_question <= 64;  // false for NaN
}

double codes_of_digits(int digits) noexcept {
    double space = 1;
    for (int i = 0; i < digits; ++i) space *= 10;
    return space;
}

bool by_email(GuessMethod method) noexcept {
    return method == GuessMethod::LoginEmail || method == GuessMethod::AlternateEmail;
}

/// What there is to guess: how many values, how many of them are right, and whether they change.
struct Target {
    double space;
    double good;
    bool changes;

    [[nodiscard]] double chance(double guesses) const noexcept {
        return changes ? chance_of_changing(space, good, guesses) : chance_of_fixed(space, good, guesses);
    }
};

Target target_of(GuessMethod method, const SecondFactorPolicy& policy, const GuessAssumptions& user) noexcept {
    switch (method) {
        case GuessMethod::Totp:
            return {codes_of_digits(policy.totp_digits),
                    double(policy.totp_past_steps + 1 + policy.totp_future_steps) * user.authenticators, true};
        case GuessMethod::LoginEmail:
        case GuessMethod::AlternateEmail:
            return {codes_of_digits(policy.email_digits), 1, true};
        case GuessMethod::Kba:
            return {std::exp2(user.kba_bits_per_question * policy.kba_questions), 1, false};
        case GuessMethod::SecurityCode:
            break;
    }
    const int own = policy.security_codes == SecurityCodeKinds::Backup ? 0 : user.static_codes;
    const int made = policy.security_codes == SecurityCodeKinds::Static ? 0 : 1;  // one is outstanding at most
    return {std::ldexp(1.0, kSecurityCodeBits), double(own + made), false};
}

GuessCounts counts_of(GuessMethod method, const SecondFactorPolicy& policy) {
    const bool at_login = method == GuessMethod::Totp || method == GuessMethod::LoginEmail;
    const auto owner = at_login ? OwnerSignsIn::Daily : OwnerSignsIn::No;
    const auto count = [&](Guesser guesser, std::int64_t seconds) {
        return by_email(method) ? email_guesses_before(policy, owner, guesser, seconds)
                                : guesses_before(policy, owner, guesser, seconds);
    };
    const std::int64_t day = count(Guesser::FullPace, kSecondsPerDay);
    std::int64_t window = std::min<std::int64_t>(policy.window_cap, count(Guesser::FullPace, kFailureWindowSeconds));
    if (owner == OwnerSignsIn::No || day >= kMostInARow) window = std::min(window, kMostInARow);
    return {day, window, count(Guesser::FullPace, kSecondsPerYear), count(Guesser::Patient, kSecondsPerYear)};
}

GuessStep step_of(GuessMethod method, const SecondFactorPolicy& policy, const GuessAssumptions& user) {
    const Target target = target_of(method, policy, user);
    const GuessCounts guesses = counts_of(method, policy);
    const auto chance = [&](std::int64_t count) { return target.chance(static_cast<double>(count)); };
    return {method, target.chance(1), guesses,
            {chance(guesses.day), chance(guesses.year), chance(guesses.patient_year)}};
}

/// Combines chances one by one.
template <class Combine>
GuessChances combined(const GuessChances& a, const GuessChances& b, Combine combine) {
    return {combine(a.day, b.day), combine(a.year, b.year), combine(a.patient_year, b.patient_year)};
}

double both(double a, double b) noexcept { return a * b; }
// 1 - (1 - a)(1 - b), without losing what is tiny.
double either(double a, double b) noexcept { return a + b - a * b; }
double likelier(double a, double b) noexcept { return std::max(a, b); }

bool is_alternate(GuessPath path) noexcept {
    return path == GuessPath::Kba || path == GuessPath::KbaEmail || path == GuessPath::AlternateEmail;
}

class Budget {
  public:
    Budget(const SecondFactorPolicy& policy, const GuessAssumptions& user) : policy_(policy), user_(user) {}

    void add(bool open, GuessPath path, GuessMethod first) {
        if (open) paths_.push_back(path_of(path, step_of(first, policy_, user_)));
    }

    void add(bool open, GuessPath path, GuessMethod first, GuessMethod second) {
        if (!open) return;
        GuessPathBudget it = path_of(path, step_of(first, policy_, user_));
        it.steps.push_back(step_of(second, policy_, user_));
        it.chances = combined(it.chances, it.steps.back().chances, both);
        paths_.push_back(std::move(it));
    }

    [[nodiscard]] GuessBudget take() {
        GuessBudget budget;
        GuessChances alternate;
        for (std::size_t i = 0; i < paths_.size(); ++i) {
            const GuessPathBudget& it = paths_[i];
            if (it.chances.year > paths_[budget.weakest].chances.year) budget.weakest = i;
            if (is_alternate(it.path)) {
                alternate = combined(alternate, it.chances, likelier);  // a user has one of them
            } else {
                budget.together = combined(budget.together, it.chances, either);
            }
        }
        budget.together = combined(budget.together, alternate, either);
        budget.paths = std::move(paths_);
        return budget;
    }

  private:
    static GuessPathBudget path_of(GuessPath path, const GuessStep& step) { return {path, {step}, step.chances}; }

    const SecondFactorPolicy& policy_;
    const GuessAssumptions& user_;
    std::vector<GuessPathBudget> paths_;
};

}  // namespace

std::string_view guess_path_name(GuessPath path) noexcept {
    constexpr std::array<std::string_view, kGuessPathCount> kNames{"totp",      "login_email",     "kba",
                                                                   "kba_email", "alternate_email", "security_code"};
    return kNames[static_cast<std::size_t>(path)];
}

std::string_view guess_method_name(GuessMethod method) noexcept {
    constexpr std::array<std::string_view, kGuessMethodCount> kNames{"totp", "login_email", "kba", "alternate_email",
                                                                     "security_code"};
    return kNames[static_cast<std::size_t>(method)];
}

Result<GuessBudget> guess_budget(const SecondFactorPolicy& policy, const GuessAssumptions& assumptions) {
    if (const auto checked = check_policy(policy); !checked) return fail(checked.error().code);
    if (!sound(assumptions)) return fail(ErrorCode::PolicyAssumptionOutOfRange);
    Budget budget(policy, assumptions);
    const bool forgot = policy.forgot_phone;
    budget.add(policy.login_totp, GuessPath::Totp, GuessMethod::Totp);
    budget.add(policy.login_email, GuessPath::LoginEmail, GuessMethod::LoginEmail);
    budget.add(forgot && policy.alternate_kba, GuessPath::Kba, GuessMethod::Kba);
    budget.add(forgot && policy.alternate_kba_email, GuessPath::KbaEmail, GuessMethod::Kba,
               GuessMethod::AlternateEmail);
    budget.add(forgot && policy.alternate_email, GuessPath::AlternateEmail, GuessMethod::AlternateEmail);
    budget.add(policy.security_codes != SecurityCodeKinds::None, GuessPath::SecurityCode, GuessMethod::SecurityCode);
    return budget.take();
}

}  // namespace countersign
