// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "countersign/secret.h"

// What the core takes from libsodium, and nothing else: primitives.cpp alone includes <sodium.h>.
// Wiping and constant-time comparison, declared in countersign/secret.h, are defined there too.
namespace countersign {

/// Fills memory from the system's random generator; ends the process when there is none.
void fill_random(std::span<std::uint8_t> out) noexcept;

/// Room for a libsodium state, opaque here so that its header stays in one file.
struct HmacSha256State {
    alignas(8) std::array<std::uint8_t, 208> storage;
};
struct HmacSha512State {
    alignas(8) std::array<std::uint8_t, 416> storage;
};

/// Takes in a key of any length. The state is as secret as the key: the owner wipes it.
void start_hmac(HmacSha256State& state, SecretView key) noexcept;
void start_hmac(HmacSha512State& state, SecretView key) noexcept;

/// Signs one message with a copy of a started state, so that one key serves many messages.
void finish_hmac(const HmacSha256State& state, SecretView message,
                 std::span<std::uint8_t, 32> digest) noexcept;
void finish_hmac(const HmacSha512State& state, SecretView message,
                 std::span<std::uint8_t, 64> digest) noexcept;

}  // namespace countersign
