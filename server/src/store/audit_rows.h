// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit_store.h"
#include "store/database.h"

namespace countersign::server {

/// From a query of number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head.
[[nodiscard]] AuditRow read_audit_row(const Query& query);

}  // namespace countersign::server
