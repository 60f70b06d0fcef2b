// SPDX-License-Identifier: Apache-2.0
#include "app/audit_walk.h"

#include <algorithm>
#include <utility>

#include "app/audit_erasure.h"

namespace countersign::server {
namespace {

constexpr std::size_t kShownBreaks = 20;

std::string record(std::int64_t number) { return "record " + std::to_string(number); }

std::string name_of_checkpoint(std::int64_t size) { return "the checkpoint of " + std::to_string(size) + " records"; }

bool same(const ChainHash& hash, const std::vector<std::uint8_t>& stored) { return std::ranges::equal(hash, stored); }

/// What was stored, as far as it has the right length; zeros match nothing.
ChainHash hash_in(const std::vector<std::uint8_t>& stored) {
    ChainHash hash{};
    if (stored.size() == hash.size()) std::ranges::copy(stored, hash.begin());
    return hash;
}

std::string missing(std::int64_t first, std::int64_t last) {
    return first == last ? record(first) + " is missing"
                         : "records " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

}  // namespace

AuditWalk::AuditWalk(AuditPublicKey key, ErasureProof prove, std::vector<StoredCheckpoint> checkpoints,
                     std::optional<SignedCheckpoint> since, std::vector<EarlierAuditKey> earlier)
    : key_(key),
      prove_(std::move(prove)),
      earlier_(std::move(earlier)),
      checkpoints_(std::move(checkpoints)),
      since_(since) {}

void AuditWalk::note(std::int64_t number, std::string what) {
    report_.break_count += 1;
    if (report_.breaks.size() < kShownBreaks) report_.breaks.push_back({number, std::move(what)});
}

void AuditWalk::visit(const AuditRow& row) {
    const std::int64_t number = row.number.value_or(0);
    if (number <= number_) return note(number, record(number) + " stands where no record can");
    const bool gap = number != number_ + 1;
    if (gap) {
        note(number_ + 1, missing(number_ + 1, number - 1));
        check_checkpoints_of(number - 1);
    }
    if (!is_erased(row) && !same(hash_audit_row(row), row.record_hash)) {
        note(number, record(number) + " is not what was sealed");
    } else if (is_erased(row) || row.event == kUserDeleted) {
        note_erasure(row);
    }
    // By the hash that was sealed: a changed record is told above, and what follows may be sound.
    const ChainHash link = extend_chain(head_, number, hash_in(row.record_hash));
    if (!gap && !same(link, row.chain_head)) note(number, record(number) + " does not follow the one before it");
    head_ = hash_in(row.chain_head);
    number_ = number;
    if (since_ && since_->checkpoint.size == number) head_of_since_ = head_;
    check_checkpoints_of(number);
    report_.sealed += 1;
}

void AuditWalk::visit_unsealed(const AuditRow& row) {
    if (is_erased(row) || row.event == kUserDeleted) note_erasure(row);
}

void AuditWalk::note_erasure(const AuditRow& row) {
    if (!is_erased(row)) {
        std::string& told = erasures_[row.credential].told;
        if (told.empty()) told = row.detail;  // a second one changes nothing
        return;
    }
    Erasure& erasure = erasures_[row.detail];
    erasure.remains.push_back(hash_of_remains(row, row.detail, hash_in(row.record_hash)));
    if (erasure.first == 0) erasure.first = row.number.value_or(0);
    report_.erased += 1;
}

/// Whoever changes a record could call it erased: what was erased has to be what a deletion says of itself.
void AuditWalk::check_erasures() {
    for (auto& [deletion, erasure] : erasures_) {
        const auto records = erasure.remains.size();
        const std::string expected = erasure_detail(deletion, std::move(erasure.remains), prove_);
        if (erasure.told.empty()) {
            note(erasure.first, std::to_string(records) + " records from " + record(erasure.first) +
                                    " on were erased by no deletion");
        } else if (erasure.told != expected) {
            note(erasure.first, "the deletion " + deletion + " is not proven, or erased other records than it tells");
        }
    }
}

/// Checkpoints up to this number whose turn has come.
void AuditWalk::check_checkpoints_of(std::int64_t number) {
    for (; next_checkpoint_ < checkpoints_.size(); ++next_checkpoint_) {
        const StoredCheckpoint& stored = checkpoints_[next_checkpoint_];
        if (stored.size > number) return;
        check_checkpoint(stored);
    }
}

void AuditWalk::check_checkpoint(const StoredCheckpoint& stored) {
    SignedCheckpoint checkpoint{{stored.epoch, stored.size, hash_in(stored.head), stored.time}, {}};
    const std::string name = name_of_checkpoint(stored.size);
    const bool whole = stored.signature.size() == checkpoint.signature.size();
    if (whole) std::ranges::copy(stored.signature, checkpoint.signature.begin());
    if (!whole || !is_signed(checkpoint)) {
        return note(stored.size, name + " was not signed by this key");
    }
    if (stored.size != number_ || checkpoint.checkpoint.head != head_) {
        return note(stored.size, name + " was signed for other records");
    }
    report_.signed_size = stored.size;
    report_.checkpoint = format_checkpoint(checkpoint);
}

/// By the key of now or, of what lies before its rotation, by the one of then: whoever has that one still signs nothing new.
bool AuditWalk::is_signed(const SignedCheckpoint& checkpoint) const {
    if (verify_checkpoint(checkpoint, key_).value_or(false)) return true;
    return std::ranges::any_of(earlier_, [&](const EarlierAuditKey& earlier) {
        return checkpoint.checkpoint.size <= earlier.up_to && verify_checkpoint(checkpoint, earlier.key).value_or(false);
    });
}

std::string AuditWalk::judge_since(const StoredChain& chain) const {
    if (!is_signed(*since_)) return "bad_signature";
    const Checkpoint& kept = since_->checkpoint;
    const auto verdict = kept.epoch > chain.epoch || kept.size > number_ ? ChainVerdict::RolledBack
                         : head_of_since_ != kept.head                   ? ChainVerdict::Forked
                         : kept.epoch < chain.epoch                      ? ChainVerdict::ExtendsAfterRestore
                                                                         : ChainVerdict::Extends;
    return std::string(chain_verdict_name(verdict));
}

AuditReport AuditWalk::finish(const StoredChain& chain) {
    const std::int64_t last = number_;
    if (chain.size > last) note(last + 1, missing(last + 1, chain.size));
    else if (chain.size < last) note(chain.size + 1, record(chain.size + 1) + " was sealed by no sealer");
    else if (!same(head_, chain.head)) note(last, "the head of the chain is not that of " + record(last));
    const std::int64_t expected = std::max(last, chain.size);
    for (; next_checkpoint_ < checkpoints_.size(); ++next_checkpoint_) {
        const StoredCheckpoint& stored = checkpoints_[next_checkpoint_];
        if (stored.size > expected) note(last + 1, missing(last + 1, stored.size) + ": a checkpoint covers them");
        else check_checkpoint(stored);
    }
    const bool kept = std::ranges::any_of(checkpoints_, [&](const StoredCheckpoint& c) { return c.size == chain.signed_size; });
    if (chain.signed_size > 0 && !kept) {
        note(chain.signed_size, name_of_checkpoint(chain.signed_size) + " is missing");
    }
    check_erasures();
    report_.epoch = chain.epoch;
    report_.unsealed = chain.unsealed;
    if (since_) report_.since = judge_since(chain);
    return report_;
}

}  // namespace countersign::server
