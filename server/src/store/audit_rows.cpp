// SPDX-License-Identifier: Apache-2.0
#include "store/audit_rows.h"

#include <algorithm>

namespace countersign::server {
namespace {

void append_rows(Query& query, std::vector<AuditRow>& rows) {
    while (query.step()) rows.push_back(read_audit_row(query));
}

}  // namespace

AuditRow read_audit_row(const Query& query) {
    return {.number = query.maybe_integer(0),
            .at = UnixSeconds{query.integer(1)},
            .nonce = query.blob(2),
            .realm = query.text(3),
            .user = query.text(4),
            .event = query.text(5),
            .method = query.text(6),
            .credential = query.text(7),
            .detail = query.text(8),
            .record_hash = query.blob(9),
            .chain_head = query.blob(10)};
}

std::vector<AuditRow> newest_audit_rows(Database& database, std::int64_t limit) {
    std::vector<AuditRow> rows;
    Query unsealed(database.prepared(
        "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
        "FROM audit WHERE number IS NULL ORDER BY at DESC, realm DESC, user DESC, nonce DESC LIMIT :limit"));
    append_rows(unsealed.bind(":limit", limit), rows);
    Query sealed(database.prepared(
        "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
        "FROM audit WHERE number IS NOT NULL ORDER BY number DESC LIMIT :limit"));
    append_rows(sealed.bind(":limit", limit - static_cast<std::int64_t>(rows.size())), rows);
    std::ranges::reverse(rows);
    return rows;
}

}  // namespace countersign::server
