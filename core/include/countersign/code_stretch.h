// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

inline constexpr std::size_t kStretchSaltBytes = 16;
inline constexpr std::size_t kStretchedBytes = 32;
inline constexpr std::size_t kStretchKeyBytes = 32;
inline constexpr std::size_t kStretchMemoryKib = 19456;
inline constexpr unsigned kStretchPasses = 2;

/// Makes guessing a security code costly: Argon2id with 19456 KiB, 2 passes, 1 lane, 32 bytes (RFC 9106).
///
/// Takes some tens of milliseconds and 19 MiB, which is wiped or given back afterwards. What comes out signs
/// in as the code does: it is a secret, for no log.
///
/// @param code  as typed; it is read as `read_security_code` does, so that every spelling gives one value
/// @param salt  16 bytes; one a user, see `derive_code_salt`
/// @return 32 bytes
/// Errors: those of `read_security_code`, `stretch.salt_malformed`, `stretch.out_of_memory`.
[[nodiscard]] Result<Secret> stretch_security_code(std::string_view code, SecretView salt);

/// The same stretching of bytes of any kind, taken as they are: whoever calls it makes sure that no two meanings
/// have the same bytes.
///
/// @param secret  any length; nothing of it stays in memory
/// @param salt    16 bytes
/// @return 32 bytes
/// Errors: `stretch.salt_malformed`, `stretch.out_of_memory`.
[[nodiscard]] Result<Secret> stretch_secret(SecretView secret, SecretView salt);

/// The salt of a user, the same for ever and for all his codes, so that one stretching checks any number
/// of them: the first 16 bytes of BLAKE2b-256 keyed with `salt_key` over realm and user, each after its
/// length in 4 bytes, little-endian. Known users and unknown ones get one alike.
///
/// @param salt_key  32 bytes; a sub-key of its own
/// Errors: `secret.too_short`, `secret.too_long`.
[[nodiscard]] Result<Secret> derive_code_salt(SecretView salt_key, std::string_view realm, std::string_view user);

/// What a server stores of a code: BLAKE2b-256 keyed with `pepper` over the nine bytes `cs-code-1`, then
/// realm and user, each after its length in 4 bytes, little-endian, then the stretched code. Without the
/// pepper, which is kept apart, a stolen table does not even let one guess; and the digest of one user is
/// of no use for another.
///
/// @param pepper     32 bytes
/// @param stretched  32 bytes of `stretch_security_code`
/// @return 32 bytes, to be compared by equality in the database
/// Errors: `secret.too_short`, `secret.too_long`.
[[nodiscard]] Result<Secret> digest_stretched_code(SecretView pepper, std::string_view realm, std::string_view user,
                                                   SecretView stretched);

}  // namespace countersign
