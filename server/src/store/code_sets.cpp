// SPDX-License-Identifier: Apache-2.0
#include "store/code_sets.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "store/audit.h"
#include "store/elevation.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/second_factors.h"

namespace countersign::server {
namespace {

/// A set on its way in.
struct NewSet {
    const std::string& realm;
    const std::string& user;
    const std::string& credential;
    const std::string& key_id;
    std::string_view method;
    UnixSeconds now;
    std::optional<std::int64_t> expires_at;
};

/// False when the user has the code already.
bool insert_code(Database& database, const NewSet& set, const Digest& digest) {
    return Query(database.prepared("INSERT INTO security_code (realm, user, digest, credential, kind, pepper_id, "
                                   "issued_at, expires_at) VALUES (:realm, :user, :digest, :credential, :kind, "
                                   ":pepper, :now, :expires) ON CONFLICT DO NOTHING RETURNING 1"))
        .bind(":realm", set.realm)
        .bind(":user", set.user)
        .bind(":digest", std::span<const std::uint8_t>(digest))
        .bind(":credential", set.credential)
        .bind(":kind", set.method)
        .bind(":pepper", set.key_id)
        .bind(":now", set.now.value)
        .bind(":expires", set.expires_at)
        .run();
}

/// Whether the code is of the static set in force, and unused. Older sets are deleted, so there is one such set.
bool is_in_force(Database& database, const CodeSetChange& change, const Digest& digest, UnixSeconds floor) {
    return Query(database.prepared("SELECT 1 FROM security_code JOIN credential USING (realm, user, credential) "
                                   "WHERE realm = :realm AND user = :user AND security_code.digest = :digest "
                                   "AND method = 'static_codes' AND status = 'active' AND used_at IS NULL "
                                   "AND issued_at > :floor"))
        .bind(":realm", change.realm)
        .bind(":user", change.user)
        .bind(":digest", std::span<const std::uint8_t>(digest))
        .bind(":floor", floor.value)
        .run();
}

/// All sets of the method but this one, with their codes.
void delete_other_sets(Database& database, const NewSet& set) {
    Query(database.prepared("DELETE FROM security_code WHERE realm = :realm AND user = :user AND kind = :method "
                            "AND credential <> :credential"))
        .bind(":realm", set.realm)
        .bind(":user", set.user)
        .bind(":method", set.method)
        .bind(":credential", set.credential)
        .run();
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND credential <> :credential"))
        .bind(":realm", set.realm)
        .bind(":user", set.user)
        .bind(":method", set.method)
        .bind(":credential", set.credential)
        .run();
}

void insert_set(Database& database, const NewSet& set) {
    CredentialRecord row;  // what authenticators alone need keeps its harmless default
    row.realm = set.realm;
    row.user = set.user;
    row.id = set.credential;
    row.method = set.method;
    row.status = CredentialStatus::Active;
    row.key_id = set.key_id;
    row.sealed = {0};  // it has nothing to seal
    row.created_at = set.now;
    row.active_since = set.now;
    insert_credential(database, row);
}

void enable_static_codes(Database& database, const BackupCodeIssue& issue) {
    Query(database.prepared("UPDATE credential SET status = 'active', failures = 0, not_before = 0, "
                            "window_failures = 0 WHERE realm = :realm AND user = :user "
                            "AND method = 'static_codes' AND status = 'disabled'"))
        .bind(":realm", issue.realm)
        .bind(":user", issue.user)
        .run();
}

}  // namespace

std::int64_t count_usable_codes(Database& database, const std::string& realm, const std::string& user,
                                const std::string& credential, UnixSeconds now, UnixSeconds floor) {
    Query query(database.prepared("SELECT count(*) FROM security_code WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND used_at IS NULL "
                                  "AND (expires_at IS NULL OR expires_at > :now) AND issued_at > :floor"));
    query.bind(":realm", realm)
        .bind(":user", user)
        .bind(":credential", credential)
        .bind(":now", now.value)
        .bind(":floor", floor.value);
    return query.step() ? query.integer(0) : 0;
}

ChangeResult replace_codes(Database& database, const CodeSetChange& change, UnixSeconds floor) {
    if (!hold_policy(database, change.realm, change.policy_version)) return ChangeResult::PolicyChanged;
    const SessionKey session{change.realm, change.user, change.session, change.now, floor};
    const auto standing = standing_session(database, session);
    if (!standing) return ChangeResult::SessionGone;
    const SecondFactors factors = second_factors_of(database, change.realm, change.user);
    if (factors.any && !standing->elevated) return ChangeResult::StepUpRequired;
    if (standing->recovery) return ChangeResult::RecoveryOnly;
    if (!factors.active) return ChangeResult::NoMethod;

    // Its answer was lost and it comes again (U9): it must not be told as a set that did not get in.
    const bool in_force = std::ranges::all_of(
        change.digests, [&](const Digest& digest) { return is_in_force(database, change, digest, floor); });
    if (in_force) return ChangeResult::InForce;

    const NewSet set{change.realm, change.user, change.credential, change.key_id, kStaticCodes, change.now, {}};
    // While the old codes still stand, so that none of them comes again, used or not.
    database.execute("SAVEPOINT code_set");
    const bool all_new = std::ranges::all_of(
        change.digests, [&](const Digest& digest) { return insert_code(database, set, digest); });
    if (!all_new) database.execute("ROLLBACK TO code_set");
    database.execute("RELEASE code_set");
    if (!all_new) return ChangeResult::Repeated;
    delete_other_sets(database, set);
    insert_set(database, set);
    end_other_elevations(database, session);
    record_event(database, change.now,
                 {change.realm, change.user, "static_codes.replaced", kStaticCodes, change.credential,
                  "codes=" + std::to_string(change.digests.size())});
    return ChangeResult::Done;
}

ChangeResult issue_backup_code(Database& database, const BackupCodeIssue& issue) {
    if (!hold_policy(database, issue.realm, issue.policy_version)) return ChangeResult::PolicyChanged;
    if (!second_factors_of(database, issue.realm, issue.user).any) return ChangeResult::NoMethod;
    const NewSet set{issue.realm,  issue.user, issue.credential,      issue.key_id,
                     kBackupCode, issue.now,  issue.expires_at.value};
    delete_other_sets(database, set);
    insert_set(database, set);
    if (!insert_code(database, set, issue.digest)) throw SQLite::Exception("the code is one of the user's already");
    enable_static_codes(database, issue);
    record_event(database, issue.now,
                 {issue.realm, issue.user, "backup_code.issued", kBackupCode, issue.credential,
                  "who=" + issue.who + " expires=" + std::to_string(issue.expires_at.value) +
                      " reason=" + issue.reason});
    return ChangeResult::Done;
}

}  // namespace countersign::server
