// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/keys.h"
#include "countersign/secret.h"

namespace countersign::server {

/// Where a sealed seed belongs. Moved to any other place it does not open (R20).
struct SeedPlace {
    std::string_view realm;
    std::string_view user;
    std::string_view method;
    std::string_view credential;
    std::string_view key_id = {};  ///< to open: of the key that the row names, and no other opens it; empty: the current one
};

/// Seals a seed for the disk: XChaCha20-Poly1305, the nonce before the ciphertext.
[[nodiscard]] std::vector<std::uint8_t> seal_seed(const Keys& keys, const SeedPlace& place, SecretView seed);

/// Opens what `seal_seed` made, or nothing when key, place or bytes are others.
[[nodiscard]] std::optional<Secret> open_seed(const Keys& keys, const SeedPlace& place,
                                              std::span<const std::uint8_t> sealed);

/// The same of an email address: of a credential, or of a user's contact (method `contact`, no credential).
[[nodiscard]] std::vector<std::uint8_t> seal_address(const Keys& keys, const SeedPlace& place,
                                                     std::string_view address);
[[nodiscard]] std::optional<std::string> open_address(const Keys& keys, const SeedPlace& place,
                                                      std::span<const std::uint8_t> sealed);

/// The same of a mail in the outbox, under a key of its own (R23): `method` is the mail's kind, `credential` its id.
[[nodiscard]] std::vector<std::uint8_t> seal_mail(const Keys& keys, const SeedPlace& place, SecretView content);
[[nodiscard]] std::optional<Secret> open_mail(const Keys& keys, const SeedPlace& place,
                                              std::span<const std::uint8_t> sealed);

/// The same of a sub-key that a rotation keeps; `name` says which one it is.
[[nodiscard]] std::vector<std::uint8_t> seal_kept(const Keys& keys, std::string_view name, SecretView content);
[[nodiscard]] std::optional<Secret> open_kept(const Keys& keys, std::string_view name,
                                              std::span<const std::uint8_t> sealed);

/// What is sealed under `keys.previous()`, sealed anew under `keys`: of whatever form, at the same place. What is too
/// short to be sealed (a set of codes has nothing to seal) stays as it is. Nothing when the previous key does not open it.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> seal_anew(const Keys& keys, const SeedPlace& place,
                                                                 std::span<const std::uint8_t> sealed);

}  // namespace countersign::server
