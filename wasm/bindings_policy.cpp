// SPDX-License-Identifier: Apache-2.0
// Guess budgets and verdicts: a module of its own. A policy crosses as its numbers and switches, in the order
// of `SecondFactorPolicy`, which js-bindings/src/policy-numbers.ts knows too.
#include <emscripten/bind.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "countersign/guess_budget.h"
#include "countersign/standards.h"
#include "tables.h"
#include "values.h"

namespace countersign::wasm {
namespace {

/// Hands out what crossed, one by one.
class Numbers {
  public:
    explicit Numbers(const val& array) : values_(emscripten::convertJSArrayToNumberVector<double>(array)) {}
    double next() { return at_ < values_.size() ? values_[at_++] : -1; }
    int whole() { return static_cast<int>(next()); }
    bool on() { return next() > 0; }

  private:
    std::vector<double> values_;
    std::size_t at_ = 0;
};

SecondFactorPolicy policy_from(Numbers& numbers) {
    SecondFactorPolicy it;
    for (bool* flag : {&it.login_totp, &it.login_email, &it.allow_none, &it.forgot_phone, &it.alternate_kba,
                       &it.alternate_kba_email, &it.alternate_email, &it.users_choose}) {
        *flag = numbers.on();
    }
    // What is no kind is out of range, and not another kind.
    it.security_codes = static_cast<SecurityCodeKinds>(std::clamp(numbers.whole(), -1, 4) & 0xff);
    for (int* number :
         {&it.totp_digits, &it.totp_period_seconds, &it.totp_past_steps, &it.totp_future_steps, &it.email_digits,
          &it.email_life_seconds, &it.email_tries, &it.email_gap_seconds, &it.email_sends_per_hour,
          &it.email_sends_per_day, &it.kba_questions, &it.pause_from_failure, &it.pause_start_seconds,
          &it.pause_cap_seconds, &it.window_cap}) {
        *number = numbers.whole();
    }
    return it;
}

template <class Items, class Convert>
val array_of(const Items& items, Convert convert) {
    val list = val::array();
    for (const auto& it : items) list.call<void>("push", convert(it));
    return list;
}

val chances_to_js(const GuessChances& it) {
    return array_of(std::array{it.day, it.year, it.patient_year}, [](double chance) { return val(chance); });
}

val step_to_js(const GuessStep& it) {
    val step = val::object();
    step.set("method", text_to_js(guess_method_name(it.method)));
    step.set("chancePerGuess", it.chance_per_guess);
    const GuessCounts& counts = it.guesses;
    step.set("guesses", array_of(std::array{counts.day, counts.window, counts.year, counts.patient_year},
                                 [](std::int64_t count) { return val(static_cast<double>(count)); }));
    step.set("chances", chances_to_js(it.chances));
    return step;
}

val path_to_js(const GuessPathBudget& it) {
    val path = val::object();
    path.set("path", text_to_js(guess_path_name(it.path)));
    path.set("steps", array_of(it.steps, step_to_js));
    path.set("chances", chances_to_js(it.chances));
    return path;
}

val budget_to_js(const GuessBudget& it) {
    val budget = val::object();
    budget.set("weakest", text_to_js(guess_path_name(it.paths[it.weakest].path)));
    budget.set("together", chances_to_js(it.together));
    budget.set("paths", array_of(it.paths, path_to_js));
    return budget;
}

val finding_to_js(const Finding& it) {
    val finding = val::object();
    finding.set("standard", text_to_js(standard_name(it.standard)));
    finding.set("id", text_to_js(it.id));
    if (it.level > 0) finding.set("level", it.level);
    finding.set("verdict", text_to_js(compliance_name(it.verdict)));
    finding.set("decidedBy", text_to_js(policy_switch_name(it.decided_by)));
    finding.set("statement", text_to_js(it.statement));
    finding.set("reason", text_to_js(it.reason));
    return finding;
}

val guess_budget_js(const val& numbers_of_policy, int authenticators, int static_codes, double kba_bits) {
    Numbers numbers(numbers_of_policy);
    return to_js(guess_budget(policy_from(numbers), {authenticators, static_codes, kba_bits}), budget_to_js);
}

val judge_policy_js(const val& numbers_of_policy) {
    Numbers numbers(numbers_of_policy);
    return to_js(judge_policy(policy_from(numbers)),
                 [](const std::vector<Finding>& it) { return array_of(it, finding_to_js); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_policy) {
    emscripten::function("errors", &errors);
    emscripten::function("guessBudget", &guess_budget_js);
    emscripten::function("judgePolicy", &judge_policy_js);
}

}  // namespace countersign::wasm
