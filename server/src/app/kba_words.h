// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace countersign::server {

/// The words of a text that is no secret, each folded as an answer is; a word is letters, digits and marks.
[[nodiscard]] std::vector<std::string> folded_words(std::string_view text);

/// Whether it is one symbol again and again, or each the next, or each the one before: 111, 123, cba.
[[nodiscard]] bool is_run(std::string_view text);

}  // namespace countersign::server
