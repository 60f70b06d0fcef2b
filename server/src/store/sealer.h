// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit_store.h"
#include "app/store.h"
#include "store/database.h"

namespace countersign::server {

/// Numbers and chains what is not sealed yet, in the caller's transaction, and signs a checkpoint when asked
/// to (R26). Nothing it was told before counts: chain and rows are read anew, so that it may run twice.
/// Throws SQLite::Exception.
[[nodiscard]] SealReport seal_audit(Database& database, const SealRequest& request, const StoreState& state);

[[nodiscard]] AuditBacklog read_audit_backlog(Database& database);

}  // namespace countersign::server
