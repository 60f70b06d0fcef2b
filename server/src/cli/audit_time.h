// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "cli/command.h"

namespace countersign::cli {

/// `2026-11-22`, `2026-11-22T12:00:00Z`, or whole seconds since 1970; `otherwise` where the flag was not given.
/// Errors: `cli.value_invalid`.
/// @param end_of_day  a day alone means its last second, not its first
[[nodiscard]] Checked<std::int64_t> read_moment(const Arguments& arguments, std::string_view flag,
                                                std::int64_t otherwise, bool end_of_day);

}  // namespace countersign::cli
