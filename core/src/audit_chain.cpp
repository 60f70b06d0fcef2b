// SPDX-License-Identifier: Apache-2.0
#include "countersign/audit_chain.h"

#include <algorithm>

#include "primitives.h"
#include "secret_text.h"

namespace countersign {
namespace {

constexpr std::string_view kRecordLabel = "cs-audit-1";
constexpr std::string_view kLinkLabel = "cs-chain-1";

void append_little_endian(SecretText& message, std::uint64_t number, unsigned bytes) {
    for (unsigned shift = 0; shift < 8 * bytes; shift += 8)
        message.append(static_cast<char>(number >> shift & 0xffU));
}

std::string_view text_of(SecretView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ChainHash hash(SecretText& message) noexcept {
    const Secret text = message.take();
    ChainHash digest;
    blake2b(text.bytes(), digest);
    return digest;
}

}  // namespace

ChainHash hash_audit_record(const AuditRecord& record) {
    SecretText message(512);
    message.append(kRecordLabel);
    append_little_endian(message, static_cast<std::uint64_t>(record.time.value), 8);
    for (const auto field : {text_of(record.nonce), record.realm, record.user, record.event, record.method,
                             record.credential, record.detail}) {
        append_little_endian(message, field.size(), 4);
        message.append(field);
    }
    return hash(message);
}

ChainHash extend_chain(const ChainHash& head, std::int64_t number, const ChainHash& record) noexcept {
    SecretText message(kLinkLabel.size() + 8 + 2 * kChainHashBytes);
    message.append(kLinkLabel);
    append_little_endian(message, static_cast<std::uint64_t>(number), 8);
    message.append(text_of(head));
    message.append(text_of(record));
    return hash(message);
}

Result<ChainVerdict> verify_extension(const Checkpoint& previous, const Checkpoint& next, SecretView proof) {
    if (next.epoch < previous.epoch || next.size < previous.size) return ChainVerdict::RolledBack;
    const auto between = static_cast<std::uint64_t>(next.size - previous.size);
    if (between > kMaxProofRecords) return fail(ErrorCode::AuditProofTooLong);
    if (proof.size() != between * kChainHashBytes) return fail(ErrorCode::AuditProofMalformed);
    ChainHash head = previous.head;
    for (std::int64_t number = previous.size; number < next.size; ++number) {
        ChainHash record;
        std::copy_n(proof.begin(), record.size(), record.begin());
        proof = proof.subspan(kChainHashBytes);
        head = extend_chain(head, number + 1, record);
    }
    if (head != next.head) return ChainVerdict::Forked;
    return next.epoch == previous.epoch ? ChainVerdict::Extends : ChainVerdict::ExtendsAfterRestore;
}

std::string_view chain_verdict_name(ChainVerdict verdict) noexcept {
    switch (verdict) {
        case ChainVerdict::Extends: return "extends";
        case ChainVerdict::ExtendsAfterRestore: return "extends_after_restore";
        case ChainVerdict::Forked: break;
        case ChainVerdict::RolledBack: return "rolled_back";
    }
    return "forked";
}

}  // namespace countersign
