// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_flags.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace countersign::cli {
namespace {

struct NumberFlag {
    Flag flag;
    int SecondFactorPolicy::*field;
    int least;
    int most;
};

using Policy = SecondFactorPolicy;

std::span<const NumberFlag> number_flags() {
    static const std::array<NumberFlag, 13> flags{{
        {{"--totp-digits", "N", "Digits of the app's codes, 6 to 10 (default 6)"}, &Policy::totp_digits, 6, 10},
        {{"--totp-period", "SECONDS", "Life of one, 15 to 300 (default 30)"}, &Policy::totp_period_seconds, 15, 300},
        {{"--email-digits", "N", "Digits of mailed codes, 6 to 10 (default 6)"}, &Policy::email_digits, 6, 10},
        {{"--email-life", "SECONDS", "Life of one, 60 to 3600 (default 600)"}, &Policy::email_life_seconds, 60, 3600},
        {{"--email-tries", "N", "Guesses at one, 1 to 20 (default 5)"}, &Policy::email_tries, 1, 20},
        {{"--email-gap", "SECONDS", "Between two mails, 0 to 3600 (default 60)"}, &Policy::email_gap_seconds, 0, 3600},
        {{"--email-per-hour", "N", "Mails in an hour, 1 to 60 (default 5)"}, &Policy::email_sends_per_hour, 1, 60},
        {{"--email-per-day", "N", "Mails in a day, 1 to 100 (default 10)"}, &Policy::email_sends_per_day, 1, 100},
        {{"--kba-questions", "N", "Security questions, 1 to 10 (default 3)"}, &Policy::kba_questions, 1, 10},
        {{"--pause-from", "N", "Failure in a row that begins a pause, 1 to 10 (default 5)"},
         &Policy::pause_from_failure, 1, 10},
        {{"--pause-start", "SECONDS", "The first pause, 10 to 3600 (default 30)"}, &Policy::pause_start_seconds, 10, 3600},
        {{"--pause-cap", "SECONDS", "The longest pause, to 86400 (default 3600)"}, &Policy::pause_cap_seconds, 10, 86400},
        {{"--window-cap", "N", "Failures in 30 days that disable, 20 to 1000 (default 100)"},
         &Policy::window_cap, 20, 1000},
    }};
    return flags;
}

struct Word {
    std::string_view name;
    bool Policy::*field;
};

/// Turns on what a list with commas names, and nothing else.
Checked<void> read_words(const Arguments& arguments, std::string_view flag, std::span<const Word> words,
                         Policy& policy) {
    for (const Word& word : words) policy.*word.field = false;
    std::string rest = arguments.text(flag);
    for (bool more = true; more;) {
        const auto comma = rest.find(',');
        const std::string_view given = std::string_view(rest).substr(0, comma);
        bool known = false;
        for (const Word& word : words) {
            if (word.name == given) policy.*word.field = known = true;
        }
        if (!known) {
            std::string names;
            for (const Word& word : words) names.append(names.empty() ? "" : ", ").append(word.name);
            return fail(UsageCode::ValueInvalid,
                        std::string(flag) + " is not usable; give one or more of " + names + ", with commas");
        }
        more = comma != std::string::npos;
        if (more) rest.erase(0, comma + 1);
    }
    return {};
}

Checked<void> read_switches(const Arguments& arguments, Policy& policy) {
    static constexpr std::array<Word, 2> kLogin{{{"totp", &Policy::login_totp}, {"email", &Policy::login_email}}};
    static constexpr std::array<Word, 3> kAlternates{{{"kba", &Policy::alternate_kba},
                                                      {"kba-email", &Policy::alternate_kba_email},
                                                      {"email", &Policy::alternate_email}}};
    if (arguments.has("--login")) {
        if (auto read = read_words(arguments, "--login", kLogin, policy); !read) return read;
    }
    policy.forgot_phone = arguments.has("--forgot-phone");
    if (policy.forgot_phone) {
        if (auto read = read_words(arguments, "--forgot-phone", kAlternates, policy); !read) return read;
    }
    policy.users_choose = arguments.has("--users-choose");
    policy.allow_none = arguments.has("--allow-none");
    return {};
}

Checked<SecurityCodeKinds> read_kinds(const Arguments& arguments) {
    const std::string kinds = arguments.text("--security-codes", "none");
    if (kinds == "none") return SecurityCodeKinds::None;
    if (kinds == "static") return SecurityCodeKinds::Static;
    if (kinds == "backup") return SecurityCodeKinds::Backup;
    if (kinds == "both") return SecurityCodeKinds::Both;
    return fail(UsageCode::ValueInvalid, "--security-codes is not usable; give none, static, backup or both");
}

Checked<void> read_window(const Arguments& arguments, Policy& policy) {
    if (!arguments.has("--totp-window")) return {};
    const std::string window = arguments.text("--totp-window");
    const auto comma = window.find(',');
    Arguments halves;
    halves.set("--totp-window", window.substr(0, comma));
    const auto past = halves.integer("--totp-window", 0, 0, 10);
    halves.set("--totp-window", comma == std::string::npos ? "" : window.substr(comma + 1));
    const auto future = halves.integer("--totp-window", 0, 0, 10);
    if (!past || !future)
        return fail(UsageCode::ValueInvalid, "--totp-window is not usable; give PAST,FUTURE, each 0 to 10");
    policy.totp_past_steps = static_cast<int>(*past);
    policy.totp_future_steps = static_cast<int>(*future);
    return {};
}

}  // namespace

std::vector<Flag> with_policy_flags(std::vector<Flag> own) {
    std::vector<Flag> flags{
        {"--login", "METHODS", "Second factors at login: totp, email, or both with a comma (default totp)"},
        {"--allow-none", "", "Users may be without a second factor"},
        {"--forgot-phone", "ALTERNATES", "Forgot Phone is on and offers these: kba, kba-email, email"},
        {"--users-choose", "", "Each user takes one of those alternates"},
        {"--security-codes", "KINDS", "none (default), static, backup or both"},
        {"--totp-window", "PAST,FUTURE", "Steps accepted around the present one (default 1,1)"},
    };
    for (const NumberFlag& it : number_flags()) flags.push_back(it.flag);
    flags.insert(flags.end(), own.begin(), own.end());
    return flags;
}

Checked<SecondFactorPolicy> read_policy(const Arguments& arguments) {
    Policy policy;
    if (const auto read = read_switches(arguments, policy); !read) return tl::unexpected(read.error());
    const auto kinds = read_kinds(arguments);
    if (!kinds) return tl::unexpected(kinds.error());
    policy.security_codes = *kinds;
    if (const auto read = read_window(arguments, policy); !read) return tl::unexpected(read.error());
    for (const NumberFlag& it : number_flags()) {
        const auto number = arguments.integer(it.flag.name, policy.*it.field, it.least, it.most);
        if (!number) return tl::unexpected(number.error());
        policy.*it.field = static_cast<int>(*number);
    }
    return policy;
}

}  // namespace countersign::cli
