// SPDX-License-Identifier: Apache-2.0
#include "store/policy_rows.h"

#include "store/audit.h"

namespace countersign::server {
namespace {

const std::string kNobody;  // the event concerns no user

PolicyRecord read_record(const Query& row) {
    return {row.integer(0), row.text(1), row.text(2), UnixSeconds{row.integer(3)}};
}

/// The version that comes after the one expected, or after any; nothing when another one is in force.
std::optional<std::int64_t> raise_version(Database& database, const PolicyChange& change) {
    Query query(database.prepared("UPDATE realm SET policy_version = policy_version + 1 WHERE realm = :realm "
                                  "AND (:expected IS NULL OR policy_version = :expected) RETURNING policy_version"));
    query.bind(":realm", change.realm).bind(":expected", change.expected_version);
    if (!query.step()) return std::nullopt;
    const std::int64_t version = query.integer(0);
    while (query.step()) {
    }
    return version;
}

}  // namespace

std::optional<PolicyRecord> find_policy(Database& database, const std::string& realm) {
    Query query(database.prepared("SELECT realm.policy_version, coalesce(document, ''), coalesce(who, ''), "
                                  "coalesce(at, 0) FROM realm LEFT JOIN policy "
                                  "ON policy.realm = realm.realm AND policy.version = realm.policy_version "
                                  "WHERE realm.realm = :realm"));
    query.bind(":realm", realm);
    if (!query.step()) return std::nullopt;
    return read_record(query);
}

std::vector<PolicyRecord> list_policies(Database& database, const std::string& realm) {
    Query query(database.prepared("SELECT version, document, who, at FROM policy WHERE realm = :realm "
                                  "ORDER BY version"));
    query.bind(":realm", realm);
    std::vector<PolicyRecord> found;
    while (query.step()) found.push_back(read_record(query));
    return found;
}

bool hold_policy(Database& database, const std::string& realm, std::int64_t version) {
    return Query(database.prepared("UPDATE realm SET policy_version = policy_version "
                                   "WHERE realm = :realm AND policy_version = :version RETURNING 1"))
        .bind(":realm", realm)
        .bind(":version", version)
        .run();
}

std::optional<PolicyRecord> insert_policy(Database& database, const PolicyChange& change) {
    const auto version = raise_version(database, change);
    if (!version) return std::nullopt;
    Query(database.prepared("INSERT INTO policy (realm, version, document, who, at) "
                            "VALUES (:realm, :version, :document, :who, :at)"))
        .bind(":realm", change.realm)
        .bind(":version", *version)
        .bind(":document", change.document)
        .bind(":who", change.who)
        .bind(":at", change.at.value)
        .run();
    const std::string detail = "version=" + std::to_string(*version) + " who=" + change.who;
    record_event(database, change.at, {change.realm, kNobody, "policy.changed", "", "", detail});
    return PolicyRecord{*version, change.document, change.who, change.at};
}

}  // namespace countersign::server
