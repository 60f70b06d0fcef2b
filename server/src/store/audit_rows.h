// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "app/audit_store.h"
#include "store/database.h"

namespace countersign::server {

/// From a query of number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head.
[[nodiscard]] AuditRow read_audit_row(const Query& query);

/// The newest `limit` rows, the oldest of them first; what is not sealed comes last. Throws SQLite::Exception.
[[nodiscard]] std::vector<AuditRow> newest_audit_rows(Database& database, std::int64_t limit);

}  // namespace countersign::server
