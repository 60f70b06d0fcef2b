// SPDX-License-Identifier: Apache-2.0
#include "store/decide_mail.h"

#include "app/store.h"
#include "store/decide.h"
#include "store/mail_code_rows.h"
#include "store/purpose.h"

namespace countersign::server {
namespace {

Proof proof_of(const MailCodeTry& attempt) { return attempt.method == kEmail ? Proof::Email : Proof::AlternateEmail; }

MailCodeKey key_of(const MailCodeTry& attempt) {
    return {attempt.realm, attempt.user, attempt.credential, attempt.bound_to};
}

bool match_address(Database& database, const MailCodeTry& attempt) {
    return Query(database.prepared("UPDATE credential SET failures = 0, successes = successes + 1, last_used_at = :now "
                                   "WHERE realm = :realm AND user = :user AND credential = :credential "
                                   "AND method = :method AND status = 'active' AND not_before <= :now "
                                   "AND usable_from <= :now RETURNING 1"))
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .bind(":method", attempt.method)
        .run();
}

/// The gate of the address and the use of the code, or neither.
bool spend(Database& database, const MailCodeTry& attempt, UnixSeconds floor) {
    database.execute("SAVEPOINT mail_code");
    const bool spent = match_address(database, attempt) &&
                       spend_mail_code(database, key_of(attempt), *attempt.digest, attempt.now, floor);
    if (!spent) database.execute("ROLLBACK TO mail_code");
    database.execute("RELEASE mail_code");
    return spent;
}

void refuse(Database& database, const MailCodeTry& attempt, CountOnly only, LoginDecision& decision) {
    LoginAttempt counted;
    counted.realm = attempt.realm;
    counted.known = !attempt.credential.empty();
    counted.user = counted.known ? attempt.user : attempt.hidden_user;
    counted.method = attempt.method;
    counted.now = attempt.now;
    counted.counting = attempt.counting;
    counted.checked = {{attempt.credential, Outcome::Rejected, {}}};
    if (attempt.digest && remaining_pause(database, counted) == 0) {
        if (counted.known) miss_mail_code(database, key_of(attempt));
        count_refused(database, counted, only, decision);
    }
    decision.retry_after_seconds = remaining_pause(database, counted);
}

}  // namespace

LoginDecision decide_mail_code(Database& database, const MailCodeTry& attempt, UnixSeconds floor, CountOnly only) {
    LoginDecision decision;
    const AttemptPlace place{attempt.realm, attempt.now, floor};
    if (!take_ground(database, attempt.purpose, place, decision)) return decision;
    const bool right = attempt.digest && is_mailed(database, key_of(attempt), *attempt.digest);
    if (right && only == CountOnly::Yes) return decision;  // there is nothing to count
    if (right && takes(attempt.purpose, proof_of(attempt)) && spend(database, attempt, floor)) {
        fulfil(database, attempt.purpose, place, {attempt.user, proof_of(attempt), attempt.method, attempt.credential},
               decision);
        return decision;
    }
    refuse(database, attempt, only, decision);
    if (only == CountOnly::No) note_refusal(database, attempt.purpose, place, decision);
    return decision;
}

}  // namespace countersign::server
