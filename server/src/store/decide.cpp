// SPDX-License-Identifier: Apache-2.0
#include "store/decide.h"

#include <algorithm>

#include "store/audit.h"
#include "store/counting.h"
#include "store/elevation.h"

namespace countersign::server {
namespace {

bool match_active(Database& database, const LoginAttempt& attempt, const CheckedCredential& checked,
                  UnixSeconds floor) {
    return Query(database.prepared(
                     "UPDATE credential SET last_step = :step, failures = 0, successes = successes + 1, "
                     "last_used_at = :now "
                     "WHERE realm = :realm AND user = :user AND credential = :credential "
                     "AND status = 'active' AND last_step < :step AND :step > :floor / period "
                     "AND not_before <= :now "
                     "RETURNING 1"))
        .bind(":step", checked.step.value)
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", checked.credential)
        .bind(":floor", floor.value)
        .run();
}

/// Failures that lock, warn or disable are events (R9c).
void record_count(Database& database, const LoginAttempt& attempt, std::string_view credential,
                  const Counted& counted) {
    const auto record = [&](std::string_view event) {
        record_event(database, attempt.now,
                     {attempt.realm, attempt.user, event, attempt.method, credential,
                      "failures=" + std::to_string(counted.failures) +
                          " in_30_days=" + std::to_string(counted.window_failures)});
    };
    if (counted.failures >= attempt.counting.pause_from_failure) record("credential.locked");
    if (counted.window_failures == attempt.counting.notice_at) record("credential.many_failures");
    if (counted.disabled) record("credential.disabled");
}

/// An authenticator that a recovery has bound proves no more than the recovery did, for a while.
bool is_recovered(Database& database, const LoginAttempt& attempt, const CheckedCredential& checked) {
    return Query(database.prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                   "AND credential = :credential AND recovery = 1 AND active_at > :since"))
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", checked.credential)
        .bind(":since", attempt.now.value - attempt.elevates->recovery_hold_seconds)
        .run();
}

}  // namespace

int remaining_pause(Database& database, const LoginAttempt& attempt) {
    // 'active' sorts before 'disabled': a disabled one speaks only when there is no other.
    Query query(attempt.known
                    ? database.prepared("SELECT not_before FROM credential WHERE realm = :realm AND user = :user "
                                        "AND method = :method AND status <> 'pending' "
                                        "ORDER BY status, not_before LIMIT 1")
                    : database.prepared("SELECT not_before FROM unknown_user WHERE realm = :realm "
                                        "AND user = :user AND method = :method "
                                        "ORDER BY status, not_before LIMIT 1"));
    query.bind(":realm", attempt.realm).bind(":user", attempt.user).bind(":method", attempt.method);
    return query.step() ? wait_until(query.integer(0), attempt.now) : 0;
}

namespace {

bool any_has(const LoginAttempt& attempt, Outcome outcome) {
    return std::ranges::any_of(attempt.checked, [&](const CheckedCredential& c) { return c.outcome == outcome; });
}

SessionKey session_of(const LoginAttempt& attempt, UnixSeconds floor) {
    return {attempt.realm, attempt.elevates->user, attempt.elevates->id, attempt.now, floor};
}

/// The use of the code and what it was used for, or neither.
void step_up(Database& database, const LoginAttempt& attempt, const CheckedCredential& checked, UnixSeconds floor,
             LoginDecision& decision) {
    const bool recovery = is_recovered(database, attempt, checked);
    decision.elevated_until = elevate_session(database, session_of(attempt, floor), recovery);
    record_event(database, attempt.now,
                 {attempt.realm, attempt.user, "session.elevated", attempt.method, checked.credential,
                  "session=" + attempt.elevates->id + (recovery ? " recovery" : "")});
}

}  // namespace

void count_refused(Database& database, const LoginAttempt& attempt, CountOnly only, LoginDecision& decision) {
    for (const CheckedCredential& checked : attempt.checked) {
        const auto counted =
            attempt.known
                ? count_failure(database, {attempt.realm, attempt.user, checked.credential, attempt.now},
                                attempt.counting)
                : count_unknown(database, attempt.realm, attempt.user, attempt.method, attempt.now, attempt.counting);
        if (!counted) continue;
        decision.locked = decision.locked || counted->failures >= attempt.counting.pause_from_failure;
        decision.disabled = decision.disabled || counted->disabled;
        if (only == CountOnly::No) record_count(database, attempt, checked.credential, *counted);
    }
}

LoginDecision decide_login(Database& database, const LoginAttempt& attempt, UnixSeconds floor, CountOnly only) {
    LoginDecision decision;
    if (attempt.elevates && !standing_session(database, session_of(attempt, floor))) {
        decision.session_gone = true;  // it could not be elevated, so the code is not spent for it
        return decision;
    }
    if (any_has(attempt, Outcome::Accepted) || any_has(attempt, Outcome::Replayed)) {
        if (only == CountOnly::Yes) return decision;  // the code was right: there is nothing to count
        for (const CheckedCredential& checked : attempt.checked) {
            // A replayed step runs the same statement; it finds no row and is not counted (R9d).
            if (checked.outcome != Outcome::Rejected && match_active(database, attempt, checked, floor)) {
                decision.accepted = true;
                if (attempt.elevates) step_up(database, attempt, checked, floor, decision);
                return decision;
            }
        }
    } else {
        count_refused(database, attempt, only, decision);
    }
    decision.retry_after_seconds = remaining_pause(database, attempt);
    return decision;
}

}  // namespace countersign::server
