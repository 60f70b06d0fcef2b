// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Questions about secrets, answered without a branch: all ones is yes, zero is no.
namespace countersign {

[[nodiscard]] constexpr std::uint64_t equal_mask(std::uint64_t a, std::uint64_t b) noexcept {
    const std::uint64_t difference = a ^ b;
    return ((difference | (0 - difference)) >> 63) - 1;
}

/// For numbers below 2^63.
[[nodiscard]] constexpr std::uint64_t range_mask(std::uint64_t value, std::uint64_t first, std::uint64_t last) noexcept {
    return (((value - first) | (last - value)) >> 63) - 1;
}

/// The same for a character, seen as an unsigned byte.
[[nodiscard]] constexpr std::uint64_t equal_mask(char a, char b) noexcept {
    return equal_mask(std::uint64_t{static_cast<unsigned char>(a)}, std::uint64_t{static_cast<unsigned char>(b)});
}

[[nodiscard]] constexpr std::uint64_t range_mask(char c, char first, char last) noexcept {
    return range_mask(std::uint64_t{static_cast<unsigned char>(c)}, std::uint64_t{static_cast<unsigned char>(first)},
                      std::uint64_t{static_cast<unsigned char>(last)});
}

/// `c` with `a` to `z` in upper case.
[[nodiscard]] constexpr char upper_case(char c) noexcept {
    return static_cast<char>(static_cast<unsigned char>(c) - (range_mask(c, 'a', 'z') & ('a' - 'A')));
}

}  // namespace countersign
