// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace countersign::cli {

/// One column of a line: `-` for nothing, and `?` for each character that would steer the terminal, end the line or
/// turn its direction, since the text came from outside.
[[nodiscard]] std::string column(std::string_view text);

/// The same of a whole sentence, which may be empty.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace countersign::cli
