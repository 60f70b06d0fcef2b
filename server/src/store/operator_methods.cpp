// SPDX-License-Identifier: Apache-2.0
#include "store/operator_methods.h"

#include <optional>

#include "store/audit.h"
#include "store/elevation.h"
#include "store/policy_rows.h"
#include "store/second_factors.h"

namespace countersign::server {
namespace {

constexpr std::string_view kByOperator = "who=operator";

struct Bound {
    std::string method;
    bool disabled = false;
};

/// Nothing for a pending one: it is nobody's yet.
std::optional<Bound> find_standing(Database& database, const MethodChange& change) {
    Query query(database.prepared("SELECT method, status FROM credential WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND status <> 'pending'"));
    query.bind(":realm", change.realm).bind(":user", change.user).bind(":credential", change.credential);
    if (!query.step()) return std::nullopt;
    return Bound{query.text(0), query.text(1) == "disabled"};
}

Query& bind_key(Query& query, const MethodChange& change) {
    return query.bind(":realm", change.realm).bind(":user", change.user).bind(":credential", change.credential);
}

/// With what hangs on it: codes of a set, mailed codes, and what was begun in its place.
void delete_credential(Database& database, const MethodChange& change) {
    const auto run = [&](Sql sql) {
        Query query(database.prepared(sql));
        bind_key(query, change).run();
    };
    run("DELETE FROM credential WHERE realm = :realm AND user = :user AND credential = :credential");
    run("DELETE FROM credential WHERE realm = :realm AND user = :user AND status = 'pending' "
        "AND replaces = :credential");
    run("DELETE FROM security_code WHERE realm = :realm AND user = :user AND credential = :credential");
    run("DELETE FROM mail_code WHERE realm = :realm AND user = :user AND credential = :credential");
}

/// Whoever has a session open proves himself anew.
void end_elevations(Database& database, const MethodChange& change) {
    const std::string no_session;
    end_other_elevations(database, {change.realm, change.user, no_session, change.now, UnixSeconds{0}});
}

}  // namespace

ChangeResult remove_by_operator(Database& database, const MethodChange& change) {
    if (!hold_policy(database, change.realm, change.policy_version)) return ChangeResult::PolicyChanged;
    const auto found = find_standing(database, change);
    if (!found) return ChangeResult::Unknown;
    const Bound& standing = *found;
    const bool factor = standing.method == "totp" || standing.method == kEmail;
    if (factor && !may_lose(database, change.realm, change.user, change.credential, change.rules)) {
        return ChangeResult::Last;
    }
    delete_credential(database, change);
    if (factor) forget_fallbacks_of_none(database, change.realm, change.user);
    end_elevations(database, change);
    record_event(database, change.now,
                 {change.realm, change.user, "credential.removed", standing.method, change.credential, kByOperator});
    return ChangeResult::Done;
}

ChangeResult disable_by_operator(Database& database, const MethodChange& change) {
    const auto found = find_standing(database, change);
    if (!found) return ChangeResult::Unknown;
    const Bound& standing = *found;
    if (standing.disabled) return ChangeResult::Disabled;
    Query query(database.prepared("UPDATE credential SET status = 'disabled' WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND status = 'active' RETURNING 1"));
    if (!bind_key(query, change).run()) return ChangeResult::Unknown;
    end_elevations(database, change);
    record_event(database, change.now, {change.realm, change.user, "credential.disabled_by_operator", standing.method,
                                        change.credential, kByOperator});
    return ChangeResult::Done;
}

std::vector<std::string> end_pauses(Database& database, const PauseEnd& end) {
    struct Paused {
        std::string credential;
        std::string method;
    };
    std::vector<Paused> paused;
    {
        Query query(database.prepared("UPDATE credential SET not_before = 0 WHERE realm = :realm AND user = :user "
                                      "AND (:method = '' OR method = :method) AND status = 'active' "
                                      "AND not_before > :now RETURNING credential, method"));
        query.bind(":realm", end.realm).bind(":user", end.user).bind(":method", end.method).bind(":now", end.now.value);
        while (query.step()) paused.push_back({query.text(0), query.text(1)});
    }
    std::vector<std::string> ended;
    for (const Paused& one : paused) {
        record_event(database, end.now,
                     {end.realm, end.user, "credential.unlocked", one.method, one.credential, kByOperator});
        ended.push_back(one.credential);
    }
    return ended;
}

}  // namespace countersign::server
