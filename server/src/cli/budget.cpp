// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "cli/commands.h"
#include "cli/policy_flags.h"
#include "countersign/guess_budget.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

/// A number that JSON can hold, with the digits that mean something.
std::string number_text(double value, const char* format = "%.6g") {
    std::array<char, 40> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), format, value));  // %g needs less
    return text.data();
}

Checked<double> read_bits(const Arguments& arguments) {
    const std::string given = arguments.text("--kba-bits", "0");
    double bits = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), bits);
    if (error != std::errc{} || end != given.data() + given.size() || !(bits >= 0 && bits <= 64))
        return fail(UsageCode::ValueInvalid, "--kba-bits is not usable; give a number from 0 to 64");
    return bits;
}

/// A JSON list of what is JSON already.
template <class Items, class Json>
std::string list_of(const Items& items, Json json) {
    std::string list = "[";
    for (const auto& it : items) {
        if (list.size() > 1) list += ',';
        list += json(it);
    }
    list += ']';
    return list;
}

std::string json_of(const GuessChances& it) {
    return server::JsonText()
        .raw("day", number_text(it.day))
        .raw("year", number_text(it.year))
        .raw("patient_year", number_text(it.patient_year))
        .take();
}

std::string json_of(const GuessStep& it) {
    return server::JsonText()
        .text("method", guess_method_name(it.method))
        .raw("chance_per_guess", number_text(it.chance_per_guess))
        .raw("guesses", server::JsonText()
                            .number("day", it.guesses.day)
                            .number("window", it.guesses.window)
                            .number("year", it.guesses.year)
                            .number("patient_year", it.guesses.patient_year)
                            .take())
        .raw("chances", json_of(it.chances))
        .take();
}

std::string json_of(const GuessPathBudget& it) {
    const std::string steps = list_of(it.steps, [](const GuessStep& step) { return json_of(step); });
    return server::JsonText()
        .text("path", guess_path_name(it.path))
        .raw("steps", steps)
        .raw("chances", json_of(it.chances))
        .take();
}

std::string line_of(std::string_view name, const GuessChances& it) {
    return std::string(name) + ": day " + number_text(it.day, "%.3g") + ", year " + number_text(it.year, "%.3g") +
           ", patient year " + number_text(it.patient_year, "%.3g") + "\n";
}

std::string lines_of(const GuessPathBudget& it) {
    std::string lines = line_of(guess_path_name(it.path), it.chances);
    for (const GuessStep& step : it.steps) {
        lines += "  " + std::string(guess_method_name(step.method)) + ": guesses " + std::to_string(step.guesses.day) +
                 " a day, " + std::to_string(step.guesses.window) + " in 30 days, " +
                 std::to_string(step.guesses.year) + " a year, " + std::to_string(step.guesses.patient_year) +
                 " a patient year; " + number_text(step.chance_per_guess, "%.3g") + " each\n";
    }
    return lines;
}

Printout printout_of(const GuessBudget& budget) {
    Printout printout;
    for (const GuessPathBudget& it : budget.paths) printout.text += lines_of(it);
    const std::string_view weakest = guess_path_name(budget.paths[budget.weakest].path);
    printout.text += line_of("together", budget.together) + "weakest: " + std::string(weakest) + "\n";
    printout.json = server::JsonText()
                        .text("weakest", weakest)
                        .raw("together", json_of(budget.together))
                        .raw("paths", list_of(budget.paths, [](const GuessPathBudget& it) { return json_of(it); }))
                        .take();
    return printout;
}

Checked<Printout> compute(const Arguments& arguments) {
    const auto policy = read_policy(arguments);
    if (!policy) return tl::unexpected(policy.error());
    GuessAssumptions user;
    const auto authenticators = arguments.integer("--authenticators", user.authenticators, 1, 5);
    if (!authenticators) return tl::unexpected(authenticators.error());
    const auto codes = arguments.integer("--static-codes", user.static_codes, 1, 100);
    if (!codes) return tl::unexpected(codes.error());
    const auto bits = read_bits(arguments);
    if (!bits) return tl::unexpected(bits.error());
    user = {static_cast<int>(*authenticators), static_cast<int>(*codes), *bits};
    const auto budget = guess_budget(*policy, user);
    if (!budget) return fail(budget.error(), "budget");
    return printout_of(*budget);
}

}  // namespace

Command budget_command() {
    return {.name = "budget",
            .summary = "Say how likely somebody guesses the second factor under a policy",
            .details = "For an owner who signs in every day and a guesser who has the password, at full pace.\n"
                       "Example: countersign budget --forgot-phone kba --kba-bits 6 --security-codes both",
            .flags = with_policy_flags({
                {"--authenticators", "N", "Authenticators that the user has, 1 to 5 (default 1)"},
                {"--static-codes", "N", "Static codes not used up, 1 to 100 (default 10)"},
                {"--kba-bits", "BITS", "How hard one question is to guess, 0 to 64 (default 0: known)"},
            }),
            .run = compute};
}

}  // namespace countersign::cli
