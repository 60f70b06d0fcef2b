// SPDX-License-Identifier: Apache-2.0
#include "store/decide.h"

#include <algorithm>

#include "store/audit.h"
#include "store/counting.h"
#include "store/notices.h"
#include "store/purpose.h"

namespace countersign::server {
namespace {

bool match_active(Database& database, const LoginAttempt& attempt, const CheckedCredential& checked,
                  UnixSeconds floor) {
    return Query(database.prepared(
                     "UPDATE credential SET last_step = :step, failures = 0, successes = successes + 1, "
                     "last_used_at = :now "
                     "WHERE realm = :realm AND user = :user AND credential = :credential "
                     "AND status = 'active' AND last_step < :step AND :step > :floor / period "
                     "AND not_before <= :now"))
        .bind(":step", checked.step.value)
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", checked.credential)
        .bind(":floor", floor.value)
        .change();
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

/// The owner is told; whoever typed it is not (L17).
void tell_replay(Database& database, const LoginAttempt& attempt) {
    for (const CheckedCredential& checked : attempt.checked) {
        if (checked.outcome != Outcome::Replayed) continue;
        note_replay(database, attempt.now,
                    {attempt.realm, attempt.user, "code.replayed", attempt.method, checked.credential, ""});
    }
}

LoginDecision decide_login(Database& database, const LoginAttempt& attempt, UnixSeconds floor, CountOnly only) {
    LoginDecision decision;
    const AttemptPlace place{attempt.realm, attempt.now, floor};
    if (!take_ground(database, attempt.purpose, place, decision)) return decision;
    const bool open = takes(attempt.purpose, Proof::Totp);
    if (open && (any_has(attempt, Outcome::Accepted) || any_has(attempt, Outcome::Replayed))) {
        if (only == CountOnly::Yes) return decision;  // the code was right: there is nothing to count
        for (const CheckedCredential& checked : attempt.checked) {
            // A replayed step runs the same statement; it finds no row and is not counted (R9d).
            if (checked.outcome != Outcome::Rejected && match_active(database, attempt, checked, floor)) {
                fulfil(database, attempt.purpose, place,
                       {attempt.user, Proof::Totp, attempt.method, checked.credential}, decision);
                return decision;
            }
        }
        tell_replay(database, attempt);
    } else {
        count_refused(database, attempt, only, decision);
    }
    decision.retry_after_seconds = remaining_pause(database, attempt);
    if (only == CountOnly::No) note_refusal(database, attempt.purpose, place, decision);
    return decision;
}

}  // namespace countersign::server
