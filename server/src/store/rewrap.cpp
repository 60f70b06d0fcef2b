// SPDX-License-Identifier: Apache-2.0
#include "store/rewrap.h"

#include <span>

namespace countersign::server {
namespace {

/// The same three statements of each table, which name its columns.
struct Statements {
    Sql page;
    Sql replace;
    Sql count;
};

constexpr Statements kCredential{
    "SELECT realm, user, credential, method, key_id, sealed FROM credential "
    "WHERE (realm, user, credential) > (:realm, :user, :id) ORDER BY realm, user, credential LIMIT :most",
    "UPDATE credential SET key_id = :new, sealed = :sealed WHERE realm = :realm AND user = :user "
    "AND credential = :id AND key_id = :old AND sealed = :before RETURNING 1",
    "SELECT key_id, count(*) FROM credential GROUP BY key_id ORDER BY key_id"};

constexpr Statements kContact{
    "SELECT realm, user, '', 'contact', key_id, sealed FROM contact "
    "WHERE (realm, user) > (:realm, :user) AND :id = '' ORDER BY realm, user LIMIT :most",
    "UPDATE contact SET key_id = :new, sealed = :sealed WHERE realm = :realm AND user = :user AND :id = '' "
    "AND key_id = :old AND sealed = :before RETURNING 1",
    "SELECT key_id, count(*) FROM contact GROUP BY key_id ORDER BY key_id"};

constexpr Statements kOutbox{
    "SELECT realm, user, mail, kind, key_id, sealed FROM outbox "
    "WHERE (realm, user, mail) > (:realm, :user, :id) AND sealed IS NOT NULL ORDER BY realm, user, mail LIMIT :most",
    "UPDATE outbox SET key_id = :new, sealed = :sealed WHERE realm = :realm AND user = :user AND mail = :id "
    "AND key_id = :old AND sealed = :before RETURNING 1",
    "SELECT key_id, count(*) FROM outbox WHERE sealed IS NOT NULL GROUP BY key_id ORDER BY key_id"};

const Statements& statements_of(SealedTable table) {
    switch (table) {
        case SealedTable::Contact: return kContact;
        case SealedTable::Outbox: return kOutbox;
        case SealedTable::Credential: break;
    }
    return kCredential;
}

}  // namespace

std::vector<SealedRow> sealed_rows_after(Database& database, SealedTable table, const SealedRow& after, int most) {
    Query query(database.prepared(statements_of(table).page));
    query.bind(":realm", after.realm).bind(":user", after.user).bind(":id", after.id).bind(":most", std::int64_t{most});
    std::vector<SealedRow> rows;
    while (query.step()) {
        rows.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.text(4), query.blob(5)});
    }
    return rows;
}

std::int64_t replace_sealed(Database& database, SealedTable table, const std::vector<SealedAnew>& rows,
                            const std::string& key_id) {
    std::int64_t replaced = 0;
    for (const SealedAnew& anew : rows) {
        const bool unchanged = Query(database.prepared(statements_of(table).replace))
                                   .bind(":new", key_id)
                                   .bind(":sealed", std::span<const std::uint8_t>(anew.sealed))
                                   .bind(":realm", anew.row.realm)
                                   .bind(":user", anew.row.user)
                                   .bind(":id", anew.row.id)
                                   .bind(":old", anew.row.key_id)
                                   .bind(":before", std::span<const std::uint8_t>(anew.row.sealed))
                                   .run();
        if (unchanged) ++replaced;
    }
    return replaced;
}

std::vector<KeyCount> count_sealed(Database& database, SealedTable table) {
    Query query(database.prepared(statements_of(table).count));
    std::vector<KeyCount> counts;
    while (query.step()) counts.push_back({query.text(0), query.integer(1)});
    return counts;
}

}  // namespace countersign::server
