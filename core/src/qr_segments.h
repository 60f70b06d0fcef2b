// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "countersign/secret.h"

namespace countersign {

/// How a run of a QR symbol's text is written (ISO/IEC 18004, 7.4). The values index the tables.
enum class QrMode : std::uint8_t { Numeric, Alphanumeric, Byte };

/// Versions whose segments begin alike: four bits of mode, then a count as wide as `count_bits` says.
struct QrVersionRange {
    int first;
    int last;
    std::array<std::uint8_t, 3> count_bits;  ///< by QrMode
};

inline constexpr std::array<QrVersionRange, 3> kQrVersionRanges{{
    {1, 9, {10, 9, 8}},
    {10, 26, {12, 11, 16}},
    {27, 40, {14, 13, 16}},
}};

/// A way to write a text: neighbors of one mode make one segment.
struct QrSplit {
    Secret modes;          ///< a QrMode for each byte of the text
    std::size_t bits = 0;  ///< of all segments, with their heads
    std::size_t segments = 0;
};

/// True for what one character of `mode` can hold. Lower-case letters are bytes: nothing changes case.
[[nodiscard]] bool qr_mode_holds(QrMode mode, char character) noexcept;

/// The split with the fewest bits for any version of `range`. `text` is not empty; UTF-8 is bytes.
/// Takes one byte of memory for each of the text.
[[nodiscard]] QrSplit split_qr_text(std::string_view text, const QrVersionRange& range);

}  // namespace countersign
