// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/digest.h"
#include "countersign/audit_chain.h"
#include "countersign/secret.h"

namespace countersign::server {

/// Texts one after the other, each behind its length (4 bytes, little-endian), so that no two lists of
/// texts have the same bytes.
[[nodiscard]] std::vector<std::uint8_t> join_length_prefixed(std::initializer_list<std::string_view> parts);

/// What an earlier master key signed the audit log with, and how far.
struct EarlierAuditKey {
    AuditPublicKey key{};
    std::int64_t up_to = 0;  ///< of records; what it signed of more it signed after it was replaced
};

/// The sub-keys of one master key, by `crypto_kdf` (R20). After a rotation those that only hash are the ones kept,
/// so that tokens, salts and digests stay what they were. Read by every thread, and not changed once it is.
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
    [[nodiscard]] SecretView token() const noexcept { return token_.bytes(); }

    /// What a rotation kept comes in the place of this key's own.
    void keep_hashing_with(Secret token, Secret salt, Secret pepper);
    void add_earlier_audit_key(const EarlierAuditKey& earlier) { earlier_.push_back(earlier); }
    [[nodiscard]] const std::vector<EarlierAuditKey>& earlier_audit_keys() const noexcept { return earlier_; }
    /// While a rotation is under way: what is not sealed under this key may be under that one.
    void set_previous(Keys previous);
    [[nodiscard]] const Keys* previous() const noexcept { return previous_.get(); }

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
    std::vector<EarlierAuditKey> earlier_;
    std::shared_ptr<const Keys> previous_;
};

}  // namespace countersign::server
