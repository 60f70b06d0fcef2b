// SPDX-License-Identifier: Apache-2.0
#include "app/audit_query.h"

#include <algorithm>

#include "app/refusal.h"
#include "store/audit_rows.h"
#include "store/operator_database.h"

namespace countersign::server {
namespace {

void append_matches(Database& database, Sql sql, const AuditQuery& wanted, std::vector<AuditRow>& rows) {
    Query query(database.prepared(sql));
    query.bind(":realm", wanted.realm)
        .bind(":user", wanted.user)
        .bind(":event", wanted.event)
        .bind(":prefix", std::int64_t{wanted.event.ends_with('.')})
        .bind(":since", wanted.since)
        .bind(":until", wanted.until)
        .bind(":most", wanted.most - static_cast<std::int64_t>(rows.size()));
    while (query.step()) rows.push_back(read_audit_row(query));
}

}  // namespace

Answer<std::vector<AuditRow>> find_audit_rows(const std::string& data_directory, const AuditQuery& wanted) {
    auto database = open_operator_database(data_directory, false);
    if (!database) return tl::unexpected(std::move(database.error()));
    return guarded([&]() -> Answer<std::vector<AuditRow>> {
        if (!wanted.realm.empty() && !realm_exists(**database, wanted.realm)) {
            return refuse(ServerErrorCode::RealmUnknown, wanted.realm);
        }
        (*database)->execute("BEGIN");
        std::vector<AuditRow> rows;
        append_matches(**database,
                       "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
                       "FROM audit WHERE number IS NULL AND (:realm = '' OR realm = :realm) "
                       "AND (:user = '' OR user = :user) AND (:event = '' OR event = :event "
                       "OR (:prefix AND substr(event, 1, length(:event)) = :event)) AND at BETWEEN :since AND :until "
                       "ORDER BY at DESC, realm DESC, user DESC, nonce DESC LIMIT :most",
                       wanted, rows);
        append_matches(**database,
                       "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
                       "FROM audit WHERE number IS NOT NULL AND (:realm = '' OR realm = :realm) "
                       "AND (:user = '' OR user = :user) AND (:event = '' OR event = :event "
                       "OR (:prefix AND substr(event, 1, length(:event)) = :event)) AND at BETWEEN :since AND :until "
                       "ORDER BY number DESC LIMIT :most",
                       wanted, rows);
        (*database)->abandon();
        std::ranges::reverse(rows);
        return rows;
    });
}

}  // namespace countersign::server
