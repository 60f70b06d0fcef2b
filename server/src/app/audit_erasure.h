// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/audit_store.h"

// What is left of a record whose personal data were erased (R26): realm, time, event and method, the hash that was
// sealed, and the name of the deletion. User, credential, detail and the nonce are gone, so that nobody can try out
// names against the hash. The deletion is an event of its own, which says how many records it erased and which: an
// erasure that no event tells is a break of the log.

namespace countersign::server {

inline constexpr std::string_view kUserDeleted = "user.deleted";
/// Of a record as it is made.
inline constexpr std::size_t kAuditNonceBytes = 16;
/// Of an erased one: random, too, but tied to nothing; it only keeps rows of one second apart.
inline constexpr std::size_t kErasedNonceBytes = 8;
inline constexpr std::string_view kDeletionPrefix = "del_";

[[nodiscard]] inline bool is_erased(const AuditRow& row) {
    return row.nonce.size() == kErasedNonceBytes && row.user.empty() && row.credential.empty() &&
           row.detail.starts_with(kDeletionPrefix);
}

/// Stands for a set of records, in whatever order: the chain of their hashes, sorted.
[[nodiscard]] inline ChainHash digest_of_erased(std::vector<ChainHash> hashes) {
    std::ranges::sort(hashes);
    ChainHash head = kEmptyChain;
    std::int64_t number = 0;
    for (const ChainHash& hash : hashes) head = extend_chain(head, ++number, hash);
    return head;
}

/// `who=operator records=N digest=HEX`: how the event tells what it erased.
[[nodiscard]] inline std::string erasure_detail(std::int64_t records, const ChainHash& digest) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text = "who=operator records=";
    text.append(std::to_string(records)).append(" digest=");
    for (const std::uint8_t byte : digest) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

}  // namespace countersign::server
