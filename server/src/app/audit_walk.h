// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/audit_erasure.h"
#include "app/audit_log.h"
#include "app/audit_store.h"
#include "app/keys.h"
#include "countersign/audit_chain.h"

namespace countersign::server {

/// Goes through a sealed log record by record and notes each place where it is broken.
///
/// A chain that was broken is taken up again behind the break, so that one change is one finding and a second one
/// is not hidden by the first.
class AuditWalk {
  public:
    /// @param checkpoints  in the order of size
    /// @param prove  what a deletion has to say of itself
    /// @param earlier  keys that signed before a rotation
    AuditWalk(AuditPublicKey key, ErasureProof prove, std::vector<StoredCheckpoint> checkpoints,
              std::optional<SignedCheckpoint> since, std::vector<EarlierAuditKey> earlier = {});

    /// The next record, by number.
    void visit(const AuditRow& row);
    /// One that is not sealed yet: it may be erased, or tell of an erasure.
    void visit_unsealed(const AuditRow& row);
    /// After the last one.
    [[nodiscard]] AuditReport finish(const StoredChain& chain);

  private:
    void note(std::int64_t number, std::string what);
    [[nodiscard]] bool is_signed(const SignedCheckpoint& checkpoint) const;
    void check_checkpoints_of(std::int64_t number);
    void check_checkpoint(const StoredCheckpoint& stored);
    void note_erasure(const AuditRow& row);
    void check_erasures();
    [[nodiscard]] std::string judge_since(const StoredChain& chain) const;

    AuditPublicKey key_;
    ErasureProof prove_;
    std::vector<EarlierAuditKey> earlier_;
    std::vector<StoredCheckpoint> checkpoints_;
    std::size_t next_checkpoint_ = 0;
    std::optional<SignedCheckpoint> since_;
    std::optional<ChainHash> head_of_since_;

    /// What one deletion erased, as the records have it and as its event tells.
    struct Erasure {
        std::vector<ChainHash> remains;
        std::int64_t first = 0;  ///< a record's number, if any is sealed
        std::string told;
    };
    std::map<std::string, Erasure> erasures_;

    std::int64_t number_ = 0;
    ChainHash head_ = kEmptyChain;
    AuditReport report_;
};

}  // namespace countersign::server
