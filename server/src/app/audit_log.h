// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/audit_store.h"
#include "app/error.h"
#include "countersign/audit_chain.h"

namespace countersign::server {

/// A place where the log is not what was sealed.
struct AuditBreak {
    std::int64_t number = 0;  ///< of the record, or of the first one missing
    std::string what;
};

struct AuditReport {
    std::int64_t epoch = 0;
    std::int64_t sealed = 0;
    std::int64_t signed_size = 0;  ///< how far the last good checkpoint reaches
    std::int64_t unsealed = 0;     ///< what nobody can prove anything of yet
    std::int64_t erased = 0;       ///< records of deleted users, of which the hash is left (R26)
    std::int64_t break_count = 0;
    std::vector<AuditBreak> breaks;  ///< the first of them, at most 20, by number
    std::string checkpoint;          ///< the last good one, to keep; empty without one
    /// How the log stands to the checkpoint that was kept: a name of `ChainVerdict`, or `bad_signature`.
    std::optional<std::string> since;

    [[nodiscard]] bool intact() const { return break_count == 0 && (!since || *since == "extends"); }
};

/// The audit log, read and proven by the operator's process beside a server or without one (R26).
class AuditLog {
  public:
    /// @param master_key_file  empty where no key is needed (`newest`)
    /// Errors: the `data.*` and `master_key.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<AuditLog>> open(const std::string& data_directory,
                                                                const std::string& master_key_file);
    virtual ~AuditLog() = default;

    /// The newest rows, the oldest of them first. Errors of this and the next: `data.store_failed`.
    [[nodiscard]] virtual Answer<std::vector<AuditRow>> newest(std::int64_t limit) = 0;
    /// Computes every hash, link and signature again.
    /// @param since  a checkpoint that was kept elsewhere
    [[nodiscard]] virtual Answer<AuditReport> verify(const std::optional<SignedCheckpoint>& since) = 0;
    /// Errors: `master_key.unusable` when the log was opened without one.
    [[nodiscard]] virtual Answer<AuditPublicKey> public_key() = 0;
};

}  // namespace countersign::server
