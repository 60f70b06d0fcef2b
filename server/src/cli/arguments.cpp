// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cli/command.h"

namespace countersign::cli {

std::string Arguments::text(std::string_view flag, std::string_view otherwise) const {
    const auto found = values_.find(flag);
    return found == values_.end() ? std::string(otherwise) : found->second.text;
}

Checked<std::int64_t> Arguments::integer(std::string_view flag, std::int64_t otherwise, std::int64_t least,
                                         std::int64_t most) const {
    const auto found = values_.find(flag);
    if (found == values_.end()) {
        return otherwise;
    }
    const std::string& given = found->second.text;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size() || value < least || value > most) {
        std::string rule = "give a whole number";
        if (most != std::numeric_limits<std::int64_t>::max()) {
            rule += " from " + std::to_string(least) + " to " + std::to_string(most);
        } else if (least == 0) {
            rule += ", 0 or more";
        }
        return fail(UsageCode::ValueInvalid, std::string(flag) + " is not usable; " + rule);
    }
    return value;
}

Checked<std::optional<std::uint64_t>> Arguments::counter(std::string_view flag) const {
    const auto found = values_.find(flag);
    if (found == values_.end()) {
        return std::nullopt;
    }
    const std::string& given = found->second.text;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size()) {
        return fail(UsageCode::ValueInvalid, std::string(flag) + " is not usable; give a whole number from 0 to 2^64 - 1");
    }
    return value;
}

Place Arguments::place(std::string_view flag) const {
    const auto found = values_.find(flag);
    return found == values_.end() ? Place{} : found->second.place;
}

Arguments Arguments::only_flags() const {
    Arguments flags;
    for (const auto& [flag, value] : values_) {
        if (value.place.origin == Origin::Flag) flags.set(flag, value.text);
    }
    return flags;
}

}  // namespace countersign::cli
