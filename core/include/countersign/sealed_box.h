// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

inline constexpr std::size_t kBoxKeyBytes = 32;
inline constexpr std::size_t kMaxBoxNameBytes = 1024;
inline constexpr std::size_t kMaxBoxMessageBytes = 8192;

/// One widget's keys, for as long as its enrollment lasts. The secret key never leaves it.
struct BoxKeyPair {
    std::array<std::uint8_t, kBoxKeyBytes> public_key{};
    Secret secret_key;
};

/// What a box was sealed for. Each stands inside it, so that a box of another session, user or enrollment is
/// refused even when it was sealed to the same key. Any bytes, 0 to 1024 of each.
struct BoxContext {
    std::string_view session;
    std::string_view user;
    std::string_view pending_id;
};

/// What an opener expects of a box. Without a user any is good: for a page that does not know its user's id;
/// the session is then the only proof of whose box it is.
struct ExpectedBox {
    ExpectedBox(const BoxContext& context)  // NOLINT(google-explicit-constructor)
        : ExpectedBox(context.session, context.user, context.pending_id) {}
    ExpectedBox(std::string_view in_session, std::optional<std::string_view> of_user, std::string_view of_pending)
        : session(in_session), user(of_user), pending_id(of_pending) {}

    std::string_view session;
    std::optional<std::string_view> user;
    std::string_view pending_id;
};

/// Makes a key pair for X25519 from the system's random generator.
[[nodiscard]] BoxKeyPair make_box_key_pair();

/// Seals a message so that only the holder of the secret key reads it, not even the sealer again: libsodium's
/// `crypto_box_curve25519xchacha20poly1305_seal` over the eight bytes `cs-box-1`, then session, user, pending
/// id and message, each after its length in 4 bytes, little-endian. It says nothing about who sealed it: that
/// is what TLS is for.
///
/// @param public_key  32 bytes
/// @param message     at most 8192 bytes
/// Errors: `box.key_malformed` (other than 32 bytes, or a point that gives every secret key the same shared
/// secret), `box.too_long`.
[[nodiscard]] Result<Secret> seal_box(SecretView public_key, const BoxContext& context, SecretView message);

/// Opens a box and checks what it was sealed for; strict, a box has one form.
///
/// @param expected  compared in constant time
/// @return the message
/// Errors: `box.key_malformed`, `box.not_opened` (sealed to another key, altered, or no box at all),
/// `box.malformed` (sealed to us, but not by `seal_box`), `box.context_mismatch`, `box.too_long`.
[[nodiscard]] Result<Secret> open_box(const BoxKeyPair& keys, const ExpectedBox& expected, SecretView sealed);

}  // namespace countersign
