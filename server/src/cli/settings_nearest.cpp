// SPDX-License-Identifier: Apache-2.0
#include "cli/settings_nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace countersign::cli {
namespace {

constexpr std::size_t kMaxCompared = 64;  // what is longer is near to nothing of ours

std::size_t distance(std::string_view from, std::string_view to) {
    from = from.substr(0, kMaxCompared);
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string_view last_part(std::string_view name) {
    const std::size_t point = name.rfind('.');
    return point == std::string_view::npos ? name : name.substr(point + 1);
}

}  // namespace

std::string nearest_name(std::string_view given, std::span<const std::string> known) {
    const auto apart = [&](const std::string& name) {
        return std::min(distance(given, name), distance(last_part(given), last_part(name)) + 1);
    };
    return *std::ranges::min_element(known, {}, apart);
}

}  // namespace countersign::cli
