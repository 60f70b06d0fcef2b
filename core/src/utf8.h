// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign {

/// One code point and how many bytes it takes; 0 bytes when the text does not begin with valid UTF-8.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;
};

/// Reads the first code point (Unicode, table 3-7: no surrogates, nothing overlong, at most U+10FFFF).
[[nodiscard]] CodePoint read_code_point(std::string_view text) noexcept;

/// True for valid UTF-8 without control characters (C0, DEL, C1), hence without NUL.
[[nodiscard]] bool is_printable_utf8(std::string_view text) noexcept;

}  // namespace countersign
