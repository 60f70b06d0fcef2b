// SPDX-License-Identifier: Apache-2.0
#include "store/counting.h"

#include <algorithm>

// A window of 30 days is 2592000 s. So many failures in a row disable too, whichever windows they fell into: NIST
// SP 800-63B-4, 3.2.2, allows no more than 100. SQLite reads the old row on the right-hand side of SET, hence each
// `+ 1`. Twelve doublings of the shortest first pause are longer than the longest cap, 86400 s.

namespace countersign::server {
namespace {

std::optional<Counted> run_count(Query& query) {
    if (!query.step()) return std::nullopt;
    const Counted counted{query.integer(0), query.integer(1), query.integer(2), query.text(3) == "disabled"};
    while (query.step()) {
    }
    return counted;
}

Query& bind_numbers(Query& query, const Policy::Counting& numbers) {
    return query.bind(":first", numbers.pause_from_failure)
        .bind(":start", numbers.pause_start_seconds)
        .bind(":cap", numbers.pause_cap_seconds)
        .bind(":disable", numbers.disable_at);
}

}  // namespace

std::optional<Counted> count_failure(Database& database, const CountTarget& target, const Policy::Counting& numbers) {
    Query query(database.prepared(
        "UPDATE credential SET failures = failures + 1, "
        "not_before = CASE WHEN failures + 1 < :first THEN not_before "
        "ELSE :now + min(:cap, :start << min(failures + 1 - :first, 12)) END, "
        "window_start = CASE WHEN :now - window_start < 2592000 THEN window_start ELSE :now END, "
        "window_failures = CASE WHEN :now - window_start < 2592000 THEN window_failures + 1 ELSE 1 END, "
        "status = CASE WHEN status = 'active' AND (failures + 1 >= :disable "
        "OR (:now - window_start < 2592000 AND window_failures + 1 >= :disable)) THEN 'disabled' ELSE status END "
        "WHERE realm = :realm AND user = :user AND credential = :credential AND not_before <= :now "
        "AND ((status = 'active' AND :session = '') OR (status = 'pending' AND :session <> '' "
        "AND session = :session AND expires_at > :now AND created_at > :floor)) "
        "RETURNING failures, not_before, window_failures, status"));
    query.bind(":now", target.now.value)
        .bind(":realm", target.realm)
        .bind(":user", target.user)
        .bind(":credential", target.credential)
        .bind(":session", target.session)
        .bind(":floor", target.floor.value);
    return run_count(bind_numbers(query, numbers));
}

std::optional<Counted> count_unknown(Database& database, const std::string& realm, const std::string& hidden_user,
                                     std::string_view method, UnixSeconds now, const Policy::Counting& numbers) {
    Query query(database.prepared(
        "INSERT INTO unknown_user (realm, user, method, status, failures, not_before, window_start, "
        "window_failures, expires_at) VALUES (:realm, :user, :method, 'active', 1, "
        "CASE WHEN :first > 1 THEN 0 ELSE :now + :start END, :now, 1, :now + 2592000) "
        "ON CONFLICT (realm, user, method) DO UPDATE SET failures = failures + 1, "
        "not_before = CASE WHEN failures + 1 < :first THEN not_before "
        "ELSE :now + min(:cap, :start << min(failures + 1 - :first, 12)) END, "
        "window_start = CASE WHEN :now - window_start < 2592000 THEN window_start ELSE :now END, "
        "window_failures = CASE WHEN :now - window_start < 2592000 THEN window_failures + 1 ELSE 1 END, "
        "status = CASE WHEN failures + 1 >= :disable OR (:now - window_start < 2592000 "
        "AND window_failures + 1 >= :disable) THEN 'disabled' ELSE status END, "
        "expires_at = excluded.expires_at "
        "WHERE status = 'active' AND not_before <= :now "
        "RETURNING failures, not_before, window_failures, status"));
    query.bind(":realm", realm).bind(":user", hidden_user).bind(":method", method).bind(":now", now.value);
    return run_count(bind_numbers(query, numbers));
}

int wait_until(std::int64_t not_before, UnixSeconds now) {
    return static_cast<int>(std::clamp<std::int64_t>(not_before - now.value, 0, 86400));
}

}  // namespace countersign::server
