// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "app/digest.h"
#include "countersign/secret.h"

namespace countersign::server {

/// Texts one after the other, each behind its length (4 bytes, little-endian), so that no two lists of
/// texts have the same bytes.
[[nodiscard]] std::vector<std::uint8_t> join_length_prefixed(std::initializer_list<std::string_view> parts);

/// The sub-keys of one master key, by `crypto_kdf` (R20). Immutable; read by every thread.
class Keys {
  public:
    /// @param master  32 bytes; borrowed for the call
    explicit Keys(SecretView master);

    /// Names the master key without telling it: 16 hexadecimal digits, in every sealed row.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    /// Tells a store that this is its master key, or is not.
    [[nodiscard]] const Digest& check() const noexcept { return check_; }
    [[nodiscard]] SecretView seal() const noexcept { return seal_.bytes(); }
    /// Of which the salts of security codes are made, and with which their digests are keyed (R21).
    [[nodiscard]] SecretView salt() const noexcept { return salt_.bytes(); }
    [[nodiscard]] SecretView pepper() const noexcept { return pepper_.bytes(); }
    /// With which mails wait in the outbox (R23).
    [[nodiscard]] SecretView outbox() const noexcept { return outbox_.bytes(); }
    /// The seed of the key that signs the audit log's checkpoints (R26).
    [[nodiscard]] SecretView audit() const noexcept { return audit_.bytes(); }
    /// BLAKE2b under the token key over a purpose and parts, length-prefixed.
    [[nodiscard]] Digest token_hash(std::initializer_list<std::string_view> parts) const;

  private:
    Secret seal_;
    Secret token_;
    Secret audit_;
    Secret salt_;
    Secret pepper_;
    Secret outbox_;
    std::string id_;
    Digest check_{};
};

}  // namespace countersign::server
