// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace countersign::server {

/// Of ASCII letters alone.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Without the spaces and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// The token of `Bearer TOKEN` (RFC 6750, 2.1); empty for another scheme, which is as good as no token.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;

}  // namespace countersign::server
