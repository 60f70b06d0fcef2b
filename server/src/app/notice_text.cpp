// SPDX-License-Identifier: Apache-2.0
#include "app/notice_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace countersign::server {
namespace {

struct Word {
    std::string_view name;
    std::string_view text;
};

constexpr std::array kMethods{
    Word{"totp", "an authenticator app"},
    Word{"email", "sign-in by a code that is mailed to you"},
    Word{"alternate_email", "an alternate email address"},
    Word{"kba", "a set of security questions"},
    Word{"static_codes", "a set of security codes"},
    Word{"backup_code", "a backup code"},
};

struct Number {
    std::string_view name;   ///< in the audit log
    std::string_view value;  ///< in a template
    bool moment = false;
};

constexpr std::array kNumbers{Number{"remaining", "remaining"}, Number{"in_30_days", "failures"},
                              Number{"expires", "until", true}, Number{"usable_from", "usable_from", true}};

std::string two_digits(std::int64_t number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

std::string moment_text(UnixSeconds time) {
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                              "July",    "August",   "September", "October", "November", "December"};
    const sys_seconds at{seconds{time.value}};
    const auto midnight = floor<days>(at);
    const year_month_day day{midnight};
    const hh_mm_ss clock{at - midnight};
    std::string text = std::to_string(static_cast<unsigned>(day.day()));
    text.append(1, ' ').append(kMonths[static_cast<unsigned>(day.month()) - 1]).append(1, ' ');
    text.append(std::to_string(static_cast<int>(day.year()))).append(", ").append(two_digits(clock.hours().count()));
    return text.append(1, ':').append(two_digits(clock.minutes().count())).append(" UTC");
}

std::string_view method_text(std::string_view method) noexcept {
    const Word* const found = std::ranges::find(kMethods, method, &Word::name);
    return found == kMethods.end() ? "a way to sign in" : found->text;
}

NoticeNumber notice_number(std::string_view detail) {
    const std::size_t equals = detail.find('=');
    if (equals == std::string_view::npos) return {};
    const Number* const number = std::ranges::find(kNumbers, detail.substr(0, equals), &Number::name);
    if (number == kNumbers.end()) return {};
    const std::string_view digits = detail.substr(equals + 1);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return {number->value, number->moment ? moment_text(UnixSeconds{value}) : std::to_string(value)};
}

}  // namespace countersign::server
