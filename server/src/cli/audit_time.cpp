// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_time.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace countersign::cli {
namespace {

constexpr std::int64_t kDay = 86'400;

/// Digits alone, as many as are asked for.
std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t size) {
    const std::string_view digits = text.substr(from, size);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos || digits.size() != size) return std::nullopt;
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<std::int64_t> read_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_at(text, 0, 4);
    const auto month = number_at(text, 5, 2);
    const auto day = number_at(text, 8, 2);
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * kDay;
}

/// `HH:MM:SSZ`
std::optional<std::int64_t> read_time(std::string_view text) {
    if (text.size() != 9 || text[2] != ':' || text[5] != ':' || text[8] != 'Z') return std::nullopt;
    const auto hours = number_at(text, 0, 2);
    const auto minutes = number_at(text, 3, 2);
    const auto seconds = number_at(text, 6, 2);
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
    return std::int64_t{*hours} * 3600 + std::int64_t{*minutes} * 60 + *seconds;
}

std::optional<std::int64_t> read_date(std::string_view text, bool end_of_day) {
    const auto day = read_day(text.substr(0, 10));
    if (!day) return std::nullopt;
    if (text.size() == 10) return *day + (end_of_day ? kDay - 1 : 0);
    if (text[10] != 'T') return std::nullopt;
    const auto time = read_time(text.substr(11));
    return time ? std::optional(*day + *time) : std::nullopt;
}

}  // namespace

Checked<std::int64_t> read_moment(const Arguments& arguments, std::string_view flag, std::int64_t otherwise,
                                  bool end_of_day) {
    if (!arguments.has(flag)) return otherwise;
    const std::string text = arguments.text(flag);
    if (const auto date = read_date(text, end_of_day)) return *date;
    if (const auto seconds = arguments.integer(flag, otherwise, 0)) return *seconds;
    return fail(UsageCode::ValueInvalid,
                std::string(flag) + " is not usable; give 2026-11-22, 2026-11-22T12:00:00Z or seconds since 1970");
}

}  // namespace countersign::cli
