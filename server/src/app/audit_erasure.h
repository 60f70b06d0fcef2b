// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/audit_store.h"
#include "app/digest.h"
#include "app/keys.h"

// What is left of a record whose personal data were erased (R26): realm, time, event and method, the hash that was
// sealed, and the name of the deletion. User, credential, detail and the nonce are gone, so that nobody can try out
// names against the hash. The deletion is an event of its own, which says how many records it erased and what is left of
// them, with a proof that takes the master key: whoever can only write to the store cannot erase anything unseen.

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

/// Of what is left of a record, so that nothing of that can be changed either.
/// @param sealed  the hash that stands in the chain
[[nodiscard]] inline ChainHash hash_of_remains(const AuditRow& row, std::string_view deletion, const ChainHash& sealed) {
    return hash_audit_record({row.at, sealed, row.realm, {}, row.event, row.method, {}, deletion});
}

/// Stands for a set of records, in whatever order: the chain of the hashes of their remains, sorted.
[[nodiscard]] inline ChainHash digest_of_erased(std::vector<ChainHash> hashes) {
    std::ranges::sort(hashes);
    ChainHash head = kEmptyChain;
    std::int64_t number = 0;
    for (const ChainHash& hash : hashes) head = extend_chain(head, ++number, hash);
    return head;
}

/// Keyed by the master key: of a deletion's name, and of what it tells.
using ErasureProof = std::function<Digest(std::string_view deletion, std::string_view told)>;

/// By the token key, which a rotation keeps. @param keys  has to outlive the proof
[[nodiscard]] inline ErasureProof erasure_proof(const Keys& keys) {
    return [&keys](std::string_view deletion, std::string_view told) {
        return keys.token_hash({"cs-erasure-1", deletion, told});
    };
}

inline void append_hexadecimal(std::string& text, std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    for (const std::uint8_t byte : bytes) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
}

/// `who=operator records=N digest=HEX proof=HEX`: how the event tells what it erased.
[[nodiscard]] inline std::string erasure_detail(std::string_view deletion, std::vector<ChainHash> remains,
                                                const ErasureProof& prove) {
    std::string text = "who=operator records=";
    text.append(std::to_string(remains.size())).append(" digest=");
    append_hexadecimal(text, digest_of_erased(std::move(remains)));
    const Digest proof = prove(deletion, text);
    text.append(" proof=");
    append_hexadecimal(text, proof);
    return text;
}

}  // namespace countersign::server
