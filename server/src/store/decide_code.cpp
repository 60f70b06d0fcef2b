// SPDX-License-Identifier: Apache-2.0
#include "store/decide_code.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "store/audit.h"
#include "store/code_sets.h"
#include "store/decide.h"
#include "store/purpose.h"

namespace countersign::server {
namespace {

/// Which set a digest is of. Only names what the statements below decide on.
struct FoundCode {
    std::string credential;
    std::string kind;
};

std::optional<FoundCode> find_code(Database& database, const SecurityCodeAttempt& attempt) {
    if (!attempt.digest) return std::nullopt;
    Query query(database.prepared("SELECT credential, kind FROM security_code "
                                  "WHERE realm = :realm AND user = :user AND digest = :digest"));
    query.bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":digest", std::span<const std::uint8_t>(*attempt.digest));
    if (!query.step()) return std::nullopt;
    return FoundCode{query.text(0), query.text(1)};
}

bool match_set(Database& database, const SecurityCodeAttempt& attempt, const FoundCode& code) {
    return Query(database.prepared("UPDATE credential SET failures = 0, successes = successes + 1, last_used_at = :now "
                                   "WHERE realm = :realm AND user = :user AND credential = :credential "
                                   "AND method = :kind AND status = 'active' AND not_before <= :now "
                                   "RETURNING 1"))
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", code.credential)
        .bind(":kind", code.kind)
        .run();
}

bool burn_code(Database& database, const SecurityCodeAttempt& attempt, const FoundCode& code, UnixSeconds floor) {
    return Query(database.prepared("UPDATE security_code SET used_at = :now "
                                   "WHERE realm = :realm AND user = :user AND digest = :digest "
                                   "AND credential = :credential AND kind = :kind "
                                   "AND ((kind = 'static_codes' AND :static) OR (kind = 'backup_code' AND :backup)) "
                                   "AND used_at IS NULL AND (expires_at IS NULL OR expires_at > :now) "
                                   "AND issued_at > :floor RETURNING 1"))
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":digest", std::span<const std::uint8_t>(*attempt.digest))
        .bind(":credential", code.credential)
        .bind(":kind", code.kind)
        .bind(":static", std::int64_t{attempt.allowed.static_codes})
        .bind(":backup", std::int64_t{attempt.allowed.backup_code})
        .bind(":floor", floor.value)
        .run();
}

/// The gate of the set and the use of the code, or neither.
bool spend_code(Database& database, const SecurityCodeAttempt& attempt, const FoundCode& code, UnixSeconds floor) {
    database.execute("SAVEPOINT code");
    const bool spent = match_set(database, attempt, code) && burn_code(database, attempt, code, floor);
    if (!spent) database.execute("ROLLBACK TO code");
    database.execute("RELEASE code");
    return spent;
}

std::vector<CheckedCredential> sets_of(Database& database, const SecurityCodeAttempt& attempt,
                                       std::string_view method) {
    Query query(database.prepared("SELECT credential FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method = :method AND status <> 'pending' ORDER BY slot"));
    query.bind(":realm", attempt.realm).bind(":user", attempt.user).bind(":method", method);
    std::vector<CheckedCredential> sets;
    while (query.step()) sets.push_back({query.text(0), Outcome::Rejected, {}});
    return sets;
}

/// As `remaining_pause`, over both kinds.
int pause_of_sets(Database& database, const SecurityCodeAttempt& attempt) {
    Query query(database.prepared("SELECT not_before FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method IN ('static_codes', 'backup_code') AND status <> 'pending' "
                                  "ORDER BY status, not_before LIMIT 1"));
    query.bind(":realm", attempt.realm).bind(":user", attempt.user);
    return query.step() ? wait_until(query.integer(0), attempt.now) : 0;
}

LoginAttempt counted_on(const SecurityCodeAttempt& attempt, std::string_view method) {
    LoginAttempt counted;
    counted.realm = attempt.realm;
    counted.user = attempt.user;
    counted.method = method;
    counted.now = attempt.now;
    counted.counting = attempt.counting;
    return counted;
}

/// Once on each set, or on the row of those who have none (R9d, R14).
void refuse_code(Database& database, const SecurityCodeAttempt& attempt, CountOnly only, LoginDecision& decision) {
    bool any = false;
    for (const std::string_view method : {kStaticCodes, kBackupCode}) {
        LoginAttempt counted = counted_on(attempt, method);
        counted.checked = sets_of(database, attempt, method);
        any = any || !counted.checked.empty();
        if (attempt.digest) count_refused(database, counted, only, decision);
    }
    if (any) {
        decision.retry_after_seconds = pause_of_sets(database, attempt);
        return;
    }
    LoginAttempt unknown = counted_on(attempt, kSecurityCode);
    unknown.known = false;
    unknown.user = attempt.hidden_user;
    unknown.checked = {{{}, Outcome::Rejected, {}}};
    if (attempt.digest) count_refused(database, unknown, only, decision);
    decision.retry_after_seconds = remaining_pause(database, unknown);
}

Proof proof_of(const FoundCode& code) { return code.kind == kStaticCodes ? Proof::StaticCode : Proof::BackupCode; }

}  // namespace

LoginDecision decide_security_code(Database& database, const SecurityCodeAttempt& attempt, UnixSeconds floor,
                                   CountOnly only) {
    LoginDecision decision;
    const AttemptPlace place{attempt.realm, attempt.now, floor, attempt.policy_version};
    if (!take_ground(database, attempt.purpose, place, decision)) return decision;
    const auto code = find_code(database, attempt);
    if (code && only == CountOnly::Yes) return decision;  // the code was one of the user's: there is nothing to count
    if (!code || !takes(attempt.purpose, proof_of(*code)) || !spend_code(database, attempt, *code, floor)) {
        refuse_code(database, attempt, only, decision);
        if (only == CountOnly::No) note_refusal(database, attempt.purpose, place, decision);
        return decision;
    }
    const auto left = count_usable_codes(database, attempt.realm, attempt.user, code->credential, attempt.now, floor);
    record_event(database, attempt.now,
                 {attempt.realm, attempt.user, "security_code.used", code->kind, code->credential,
                  "remaining=" + std::to_string(left)});
    fulfil(database, attempt.purpose, place, {attempt.user, proof_of(*code), code->kind, code->credential}, decision);
    return decision;
}

}  // namespace countersign::server
