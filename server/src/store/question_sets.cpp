// SPDX-License-Identifier: Apache-2.0
#include "store/question_sets.h"

#include "app/store.h"
#include "store/audit.h"
#include "store/decide.h"
#include "store/elevation.h"
#include "store/policy_rows.h"
#include "store/purpose.h"
#include "store/rows.h"
#include "store/second_factors.h"

namespace countersign::server {
namespace {

bool delete_sets(Database& database, const QuestionSetChange& change) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = 'kba'"))
        .bind(":realm", change.realm)
        .bind(":user", change.user)
        .run();
    return database.connection().getChanges() > 0;
}

void insert_set(Database& database, const QuestionSetChange& change) {
    CredentialRecord row;  // what authenticators alone need keeps its harmless default
    row.realm = change.realm;
    row.user = change.user;
    row.id = change.credential;
    row.method = kKbaMethod;
    row.status = CredentialStatus::Active;
    row.key_id = change.key_id;
    row.sealed = change.sealed;
    row.created_at = change.now;
    row.active_since = change.now;
    insert_credential(database, row);
    Query(database.prepared("UPDATE credential SET digest = :digest WHERE realm = :realm AND user = :user "
                            "AND credential = :credential"))
        .bind(":digest", std::span<const std::uint8_t>(change.digest))
        .bind(":realm", change.realm)
        .bind(":user", change.user)
        .bind(":credential", change.credential)
        .run();
}

/// Of the set that stands now; only names what the statements decide on.
std::optional<std::string> standing_set(Database& database, const AnswerAttempt& attempt) {
    Query query(database.prepared("SELECT credential FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method = 'kba' AND status <> 'pending'"));
    query.bind(":realm", attempt.realm).bind(":user", attempt.user);
    if (!query.step()) return std::nullopt;
    return query.text(0);
}

bool has_digest(Database& database, const AnswerAttempt& attempt) {
    return Query(database.prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                   "AND credential = :credential AND method = 'kba' AND digest = :digest"))
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .bind(":digest", std::span<const std::uint8_t>(attempt.digest))
        .run();
}

bool match_set(Database& database, const AnswerAttempt& attempt, UnixSeconds floor) {
    const bool last = second_factors_of(database, attempt.realm, attempt.user).disabled;
    return Query(database.prepared("UPDATE credential SET failures = 0, successes = successes + 1, "
                                   "last_used_at = :now, uses = CASE WHEN :last THEN :most ELSE uses + 1 END "
                                   "WHERE realm = :realm AND user = :user AND credential = :credential "
                                   "AND method = 'kba' AND status = 'active' AND digest = :digest AND uses < :most "
                                   "AND active_at > :floor AND not_before <= :now RETURNING 1"))
        .bind(":now", attempt.now.value)
        .bind(":last", std::int64_t{last})
        .bind(":most", kMostKbaUses)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .bind(":digest", std::span<const std::uint8_t>(attempt.digest))
        .bind(":floor", floor.value)
        .run();
}

/// Once on the set that stands now, or on the row of those who have none (R14).
void refuse_answers(Database& database, const AnswerAttempt& attempt, CountOnly only, LoginDecision& decision) {
    LoginAttempt counted;
    counted.realm = attempt.realm;
    counted.method = kKbaMethod;
    counted.now = attempt.now;
    counted.counting = attempt.counting;
    const auto set = standing_set(database, attempt);
    counted.known = set.has_value();
    counted.user = set ? attempt.user : attempt.hidden_user;
    counted.checked = {{set.value_or(""), Outcome::Rejected, {}}};
    count_refused(database, counted, only, decision);
    decision.retry_after_seconds = remaining_pause(database, counted);
}

}  // namespace

std::optional<QuestionSetRecord> find_question_set(Database& database, const std::string& realm,
                                                   const std::string& user, UnixSeconds floor) {
    Query query(database.prepared("SELECT credential, status, sealed, uses, active_at, last_used_at, key_id FROM credential "
                                  "WHERE realm = :realm AND user = :user AND method = 'kba' AND status <> 'pending'"));
    query.bind(":realm", realm).bind(":user", user);
    if (!query.step()) return std::nullopt;
    const auto time = [&](int column) -> std::optional<UnixSeconds> {
        const auto value = query.maybe_integer(column);
        if (!value) return std::nullopt;
        return UnixSeconds{*value};
    };
    return QuestionSetRecord{.credential = query.text(0),
                             .active = query.text(1) == "active",
                             .key_id = query.text(6),
                             .sealed = query.blob(2),
                             .uses = query.integer(3),
                             .active_since = time(4),
                             .last_used = time(5),
                             .before_floor = query.integer(4) <= floor.value};
}

ChangeResult replace_questions(Database& database, const QuestionSetChange& change, UnixSeconds floor) {
    if (!hold_policy(database, change.realm, change.policy_version)) return ChangeResult::PolicyChanged;
    const SessionKey session{change.realm, change.user, change.session, change.now, floor};
    const auto standing = standing_session(database, session);
    if (!standing) return ChangeResult::SessionGone;
    const SecondFactors factors = second_factors_of(database, change.realm, change.user);
    if (factors.any && !standing->elevated) return ChangeResult::StepUpRequired;
    if (standing->recovery) return ChangeResult::RecoveryOnly;
    if (!factors.active) return ChangeResult::NoMethod;
    const bool replaces = delete_sets(database, change);
    insert_set(database, change);
    end_other_elevations(database, session);
    record_event(database, change.now,
                 {change.realm, change.user, replaces ? "credential.replaced" : "credential.enrolled", kKbaMethod,
                  change.credential, "questions=" + std::to_string(change.questions)});
    return ChangeResult::Done;
}

LoginDecision decide_answers(Database& database, const AnswerAttempt& attempt, UnixSeconds floor, CountOnly only) {
    LoginDecision decision;
    const AttemptPlace place{attempt.realm, attempt.now, floor, attempt.policy_version};
    if (!take_ground(database, attempt.purpose, place, decision)) return decision;
    if (only == CountOnly::Yes && has_digest(database, attempt)) return decision;  // right: nothing to count
    if (takes(attempt.purpose, Proof::Kba) && only == CountOnly::No && match_set(database, attempt, floor)) {
        fulfil(database, attempt.purpose, place, {attempt.user, Proof::Kba, kKbaMethod, attempt.credential}, decision);
        return decision;
    }
    refuse_answers(database, attempt, only, decision);
    if (only == CountOnly::No) note_refusal(database, attempt.purpose, place, decision);
    return decision;
}

}  // namespace countersign::server
