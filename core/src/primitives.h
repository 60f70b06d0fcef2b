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

inline constexpr std::size_t kArgon2SaltBytes = 16;

/// Argon2id, version 1.3, one lane (RFC 9106). @return false when there is not enough memory
[[nodiscard]] bool argon2id(SecretView password, std::span<const std::uint8_t, kArgon2SaltBytes> salt,
                            unsigned passes, std::size_t memory_bytes, std::span<std::uint8_t, 32> out) noexcept;

/// Keyed BLAKE2b with 32 bytes of output (RFC 7693).
void blake2b(std::span<const std::uint8_t, 32> key, SecretView message, std::span<std::uint8_t, 32> out) noexcept;

/// BLAKE2b without a key, 32 bytes of output.
void blake2b(SecretView message, std::span<std::uint8_t, 32> out) noexcept;

void make_ed25519_public_key(std::span<const std::uint8_t, 32> seed, std::span<std::uint8_t, 32> public_key) noexcept;
void sign_ed25519(std::span<const std::uint8_t, 32> seed, SecretView message,
                  std::span<std::uint8_t, 64> signature) noexcept;
[[nodiscard]] bool verify_ed25519(std::span<const std::uint8_t, 32> public_key, SecretView message,
                                  std::span<const std::uint8_t, 64> signature) noexcept;

inline constexpr std::size_t kSealBytes = 48;  ///< how much longer a sealed message is

void make_x25519_keys(std::span<std::uint8_t, 32> public_key, std::span<std::uint8_t, 32> secret_key) noexcept;

/// Seals to a public key. `sealed` has room for the message and `kSealBytes`.
/// @return false when the key is a point of small order
[[nodiscard]] bool seal(std::span<const std::uint8_t, 32> public_key, SecretView message,
                        std::span<std::uint8_t> sealed) noexcept;

/// Opens. `message` has room for the box less `kSealBytes`. @return false when it is not for this key
[[nodiscard]] bool open_seal(std::span<const std::uint8_t, 32> public_key,
                             std::span<const std::uint8_t, 32> secret_key, SecretView sealed,
                             std::span<std::uint8_t> message) noexcept;

}  // namespace countersign
