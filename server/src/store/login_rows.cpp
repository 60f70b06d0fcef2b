// SPDX-License-Identifier: Apache-2.0
#include "store/login_rows.h"

#include <algorithm>
#include <tuple>

namespace countersign::server {
namespace {

struct Placed {
    std::int64_t slot;
    CredentialRecord record;
};

Placed read_placed(const Query& row, const std::string& realm, const std::string& user, const std::string& method) {
    CredentialRecord record;
    record.realm = realm;
    record.user = user;
    record.method = method;
    record.id = row.text(4);
    record.status = row.text(5) == "active" ? CredentialStatus::Active : CredentialStatus::Disabled;
    record.last_step = TimeStep{row.integer(6)};
    const auto algorithm = parse_algorithm(row.text(7));
    if (!algorithm) throw SQLite::Exception("a credential's algorithm is unknown");
    record.parameters = {*algorithm, static_cast<int>(row.integer(8)), row.integer(9)};
    record.key_id = row.text(10);
    record.sealed = row.blob(11);
    record.created_at = UnixSeconds{row.integer(13)};
    return {row.integer(12), std::move(record)};
}

}  // namespace

// Sorted here: a user has five authenticators at most and nearly always one, and SQLite's sorter costs more than
// the rest of the statement.
std::optional<LoginGround> find_login_ground(Database& database, const std::string& realm, const std::string& user,
                                             const std::string& method) {
    Query query(database.prepared(
        "SELECT realm.policy_version, coalesce(document, ''), coalesce(who, ''), coalesce(policy.at, 0), "
        "credential, status, last_step, algorithm, digits, period, key_id, sealed, slot, credential.created_at "
        "FROM realm LEFT JOIN policy ON policy.realm = realm.realm AND policy.version = realm.policy_version "
        "LEFT JOIN credential ON credential.realm = realm.realm AND credential.user = :user "
        "AND credential.method = :method AND credential.status <> 'pending' "
        "WHERE realm.realm = :realm"));
    query.bind(":realm", realm).bind(":user", user).bind(":method", method);
    if (!query.step()) return std::nullopt;
    LoginGround ground;
    ground.policy = {query.integer(0), query.text(1), query.text(2), UnixSeconds{query.integer(3)}};
    std::vector<Placed> placed;
    do {
        if (query.maybe_integer(12)) placed.push_back(read_placed(query, realm, user, method));
    } while (query.step());
    std::ranges::sort(placed, {}, [](const Placed& one) {
        return std::tuple(one.slot, one.record.created_at.value, std::string_view(one.record.id));
    });
    for (Placed& one : placed) ground.credentials.push_back(std::move(one.record));
    return ground;
}

}  // namespace countersign::server
