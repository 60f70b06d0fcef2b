// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace countersign {

using Sha1State = std::array<std::uint32_t, 5>;

inline constexpr std::size_t kSha1BlockBytes = 64;
inline constexpr std::size_t kSha1DigestBytes = 20;

/// The hash of the empty message before its padding (FIPS 180-4, 5.3.1).
inline constexpr Sha1State kSha1Initial{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U, 0xc3d2e1f0U};

/// Takes one block into the state and wipes the words it made of it.
void sha1_compress(Sha1State& state, std::span<const std::uint8_t, kSha1BlockBytes> block) noexcept;

/// Hashes the rest of a message into `state`, with its padding.
///
/// @param hashed  bytes taken into `state` before, a multiple of 64
void sha1_finish(Sha1State& state, std::uint64_t hashed, std::span<const std::uint8_t> rest,
                 std::span<std::uint8_t, kSha1DigestBytes> digest) noexcept;

}  // namespace countersign
