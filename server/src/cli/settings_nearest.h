// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace countersign::cli {

/// The known name that takes the fewest changed, added or dropped symbols (Levenshtein) to write; the first of
/// several. The last part of a dotted name may stand in another table.
/// @param known  at least one
[[nodiscard]] std::string nearest_name(std::string_view given, std::span<const std::string> known);

}  // namespace countersign::cli
