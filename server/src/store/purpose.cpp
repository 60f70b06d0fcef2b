// SPDX-License-Identifier: Apache-2.0
#include "store/purpose.h"

#include "store/audit.h"
#include "store/counting.h"
#include "store/elevation.h"
#include "store/policy_rows.h"

namespace countersign::server {
namespace {

/// No login needs so many; what counts has begun a pause long before.
constexpr std::int64_t kMostAttempts = 64;

/// Locks the challenge's row, so that of two attempts at once one waits for the other's outcome.
std::optional<std::int64_t> lock_challenge(Database& database, const ChallengeToAdvance& to,
                                           const AttemptPlace& place) {
    Query query(database.prepared("UPDATE challenge SET stage = stage WHERE realm = :realm AND user = :user "
                                  "AND challenge = :challenge AND expires_at > :now AND created_at > :floor "
                                  "RETURNING stage"));
    query.bind(":realm", place.realm)
        .bind(":user", to.user)
        .bind(":challenge", to.id)
        .bind(":now", place.now.value)
        .bind(":floor", place.floor.value);
    if (!query.step()) return std::nullopt;
    const std::int64_t stage = query.integer(0);
    while (query.step()) {
    }
    return stage;
}

/// The outcome of the attempt when it came before; read under the lock of the challenge.
bool tell_repeated(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place,
                   LoginDecision& decision) {
    Query query(database.prepared("SELECT ok, retry_at FROM challenge_attempt WHERE realm = :realm AND user = :user "
                                  "AND challenge = :challenge AND attempt = :attempt"));
    query.bind(":realm", place.realm).bind(":user", to.user).bind(":challenge", to.id).bind(":attempt", to.attempt);
    if (!query.step()) return false;
    decision.accepted = query.integer(0) != 0;
    decision.retry_after_seconds = wait_until(query.integer(1), place.now);
    return true;
}

void keep_outcome(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place, bool ok,
                  int retry_after_seconds) {
    Query(database.prepared("INSERT INTO challenge_attempt (realm, user, challenge, attempt, ok, retry_at, expires_at) "
                            "VALUES (:realm, :user, :challenge, :attempt, :ok, :retry, :expires)"))
        .bind(":realm", place.realm)
        .bind(":user", to.user)
        .bind(":challenge", to.id)
        .bind(":attempt", to.attempt)
        .bind(":ok", std::int64_t{ok})
        .bind(":retry", place.now.value + retry_after_seconds)
        .bind(":expires", to.expires_at.value)
        .run();
}

/// Whether this was the last try of the challenge: those that count nothing, having no code's form, would go on for
/// ever, and each leaves its outcome.
bool tried_too_often(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place) {
    Query query(database.prepared("SELECT count(*) FROM challenge_attempt WHERE realm = :realm AND user = :user "
                                  "AND challenge = :challenge"));
    query.bind(":realm", place.realm).bind(":user", to.user).bind(":challenge", to.id);
    return query.step() && query.integer(0) >= kMostAttempts;
}

/// What a recovery has bound proves no more than the recovery did, for a while.
bool is_recovered(Database& database, const AttemptPlace& place, const UsedProof& used, std::int64_t hold_seconds) {
    return Query(database.prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                   "AND credential = :credential AND recovery = 1 AND active_at > :since"))
        .bind(":realm", place.realm)
        .bind(":user", used.user)
        .bind(":credential", used.credential)
        .bind(":since", place.now.value - hold_seconds)
        .run();
}

void step_up(Database& database, const SessionToElevate& session, const AttemptPlace& place, const UsedProof& used,
             LoginDecision& decision) {
    const bool recovery =
        is_fallback(used.proof) || is_recovered(database, place, used, session.recovery_hold_seconds);
    decision.elevated_until =
        elevate_session(database, {place.realm, session.user, session.id, place.now, place.floor}, recovery);
    decision.recovery = recovery;
    record_event(database, place.now,
                 {place.realm, session.user, "session.elevated", used.method, used.credential,
                  "session=" + session.id + (recovery ? " recovery" : "")});
}

/// Compare-and-set on the stage (R11), with what a receipt and a step-up will say of it.
bool move_stage(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place, const NextStage& next) {
    return Query(database.prepared(
                     "UPDATE challenge SET stage = :next, passed_at = CASE WHEN :passes THEN :now ELSE passed_at END, "
                     "fallback = :fallback, recovery = :recovery "
                     "WHERE realm = :realm AND user = :user AND challenge = :challenge AND stage = :stage "
                     "AND expires_at > :now AND created_at > :floor RETURNING 1"))
        .bind(":next", next.stage)
        .bind(":passes", std::int64_t{next.passes})
        .bind(":fallback", std::int64_t{next.fallback})
        .bind(":recovery", std::int64_t{next.recovery})
        .bind(":now", place.now.value)
        .bind(":realm", place.realm)
        .bind(":user", to.user)
        .bind(":challenge", to.id)
        .bind(":stage", to.stage)
        .bind(":floor", place.floor.value)
        .run();
}

void advance(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place, const UsedProof& used) {
    const auto& next = to.after(used.proof);
    if (!next || !move_stage(database, to, place, *next)) throw SQLite::Exception("the challenge does not take this");
    keep_outcome(database, to, place, true, 0);
    record_event(database, place.now,
                 {place.realm, to.user, next->passes ? "challenge.passed" : "challenge.advanced", used.method,
                  used.credential,
                  "challenge=" + to.id + " proof=" + std::string(proof_name(used.proof)) +
                      (next->fallback ? " fallback" : "") + (next->recovery ? " recovery" : "")});
}

void close_challenge(Database& database, const ChallengeToAdvance& to, const AttemptPlace& place, std::string_view why) {
    const bool ended = Query(database.prepared("UPDATE challenge SET stage = :ended WHERE realm = :realm "
                                               "AND user = :user AND challenge = :challenge AND stage = :stage "
                                               "RETURNING 1"))
                           .bind(":ended", to.ended)
                           .bind(":realm", place.realm)
                           .bind(":user", to.user)
                           .bind(":challenge", to.id)
                           .bind(":stage", to.stage)
                           .run();
    if (!ended) throw SQLite::Exception("the challenge moved under its lock");
    static const std::string kNone;
    record_event(database, place.now, {place.realm, to.user, "challenge.ended", "", kNone, "challenge=" + to.id + " " + std::string(why)});
}

}  // namespace

bool take_ground(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place,
                 LoginDecision& decision) {
    const auto* to = std::get_if<ChallengeToAdvance>(&purpose);
    for (const std::optional<std::int64_t> version :
         {place.policy_version, to ? std::optional(to->policy_version) : std::nullopt}) {
        if (version && !hold_policy(database, place.realm, *version)) {
            decision.judge_again = true;
            return false;
        }
    }
    if (const auto* session = std::get_if<SessionToElevate>(&purpose)) {
        const bool stands =
            standing_session(database, {place.realm, session->user, session->id, place.now, place.floor}).has_value();
        decision.session_gone = !stands;
        return stands;
    }
    if (to == nullptr) return true;
    const auto stage = lock_challenge(database, *to, place);
    if (!stage) {
        decision.session_gone = true;
        return false;
    }
    if (tell_repeated(database, *to, place, decision)) return false;
    decision.judge_again = *stage != to->stage;
    return !decision.judge_again;
}

bool takes(const AttemptPurpose& purpose, Proof proof) noexcept {
    const auto* to = std::get_if<ChallengeToAdvance>(&purpose);
    return to == nullptr || to->after(proof).has_value();
}

void fulfil(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place, const UsedProof& used,
            LoginDecision& decision) {
    decision.accepted = true;
    if (const auto* session = std::get_if<SessionToElevate>(&purpose)) step_up(database, *session, place, used, decision);
    if (const auto* to = std::get_if<ChallengeToAdvance>(&purpose)) advance(database, *to, place, used);
    if (const auto* fresh = std::get_if<FreshFactor>(&purpose)) {
        decision.recovery = is_recovered(database, place, used, fresh->recovery_hold_seconds);
    }
}

void note_refusal(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place,
                  const LoginDecision& decision) {
    const auto* to = std::get_if<ChallengeToAdvance>(&purpose);
    if (to == nullptr) return;
    keep_outcome(database, *to, place, false, decision.retry_after_seconds);
    if (decision.locked || decision.disabled) close_challenge(database, *to, place, "locked");
    else if (tried_too_often(database, *to, place)) close_challenge(database, *to, place, "tries");
}

}  // namespace countersign::server
