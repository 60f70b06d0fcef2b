// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/audit_store.h"
#include "app/error.h"

// The sealed audit log, read piece by piece by who takes it elsewhere.

namespace countersign::server {

/// How far somebody has come.
struct AuditCursor {
    std::string store;            ///< whose log; empty: none was begun
    std::int64_t epoch = 0;
    std::int64_t number = 0;      ///< of the last record
    std::int64_t checkpoint = 0;  ///< size of the last checkpoint

    bool operator==(const AuditCursor&) const = default;
};

struct AuditPiece {
    /// What follows is counted from here. It is the asker's, but for another store, and after a restore, which takes
    /// records away: then from the last checkpoint that both histories share, so that nothing is missed.
    AuditCursor from;
    std::vector<AuditRow> rows;                 ///< sealed, by number, without a gap
    std::vector<StoredCheckpoint> checkpoints;  ///< of no more than these and earlier records, by size
    bool more = false;
};

/// Where the next one begins.
[[nodiscard]] inline AuditCursor cursor_after(const AuditPiece& piece) {
    AuditCursor next = piece.from;
    if (!piece.rows.empty()) next.number = *piece.rows.back().number;
    if (!piece.checkpoints.empty()) next.checkpoint = piece.checkpoints.back().size;
    return next;
}

class AuditFeed {
  public:
    virtual ~AuditFeed() = default;
    /// @param most  records. Errors: `data.store_failed`.
    [[nodiscard]] virtual Answer<AuditPiece> after(const AuditCursor& cursor, std::int64_t most) = 0;
};

/// Reads beside the server, or without one, by a connection of its own. Errors: the `data.*` codes.
[[nodiscard]] Answer<std::unique_ptr<AuditFeed>> open_audit_feed(const std::string& data_directory);

}  // namespace countersign::server
