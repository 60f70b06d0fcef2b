// SPDX-License-Identifier: Apache-2.0
#include "store/admin_acts.h"

#include <algorithm>
#include <functional>

#include "store/audit.h"
#include "store/audit_rows.h"
#include "store/code_sets.h"
#include "store/decide.h"
#include "store/elevation.h"
#include "store/policy_rows.h"

namespace countersign::server {
namespace {

/// The actor's session, as a condition of what he does.
template <class Act>
bool stands(Database& database, const Act& act, UnixSeconds now, UnixSeconds floor) {
    return standing_session(database, {act.realm, act.user, act.session, now, floor}).has_value();
}

/// The use of the actor's code and what he used it for, or neither; a refused code is counted and stays so.
AdminOutcome with_code(Database& database, const LoginAttempt* code, UnixSeconds floor, CountOnly only,
                       const std::function<void(AdminOutcome&)>& act) {
    AdminOutcome outcome{ChangeResult::Done};
    database.execute("SAVEPOINT act");
    if (code != nullptr) {
        const LoginDecision decision = decide_login(database, *code, floor, only);
        outcome.code_refused = !decision.accepted || decision.recovery;
        outcome.retry_after_seconds = decision.retry_after_seconds;
    }
    if (!outcome.code_refused && only == CountOnly::No) {
        act(outcome);
        if (outcome.result != ChangeResult::Done) database.execute("ROLLBACK TO act");
    }
    database.execute("RELEASE act");
    return outcome;
}

}  // namespace

bool is_administrator(Database& database, const std::string& realm, const std::string& user, UnixSeconds now) {
    return Query(database.prepared("SELECT 1 FROM audit WHERE realm = :realm AND user = :user AND at > :since "
                                   "AND event = :event LIMIT 1"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":since", now.value - kAdminMemorySeconds)
        .bind(":event", kAdminOpened)
        .run();
}

AdminOutcome save_policy(Database& database, const AdminPolicySave& save, UnixSeconds floor, CountOnly only) {
    if (!stands(database, save, save.change.at, floor)) return {ChangeResult::SessionGone};
    return with_code(database, save.code ? &*save.code : nullptr, floor, only, [&](AdminOutcome& outcome) {
        const auto saved = insert_policy(database, save.change);
        outcome.result = saved ? ChangeResult::Done : ChangeResult::PolicyChanged;
        if (saved) outcome.version = saved->version;
    });
}

ChangeResult unlock(Database& database, const AdminUnlock& unlock, UnixSeconds floor) {
    if (!stands(database, unlock, unlock.now, floor)) return ChangeResult::SessionGone;
    if (unlock.target == unlock.user || is_administrator(database, unlock.realm, unlock.target, unlock.now)) {
        return ChangeResult::OnAdministrator;
    }
    std::string method;
    {
        // The delay alone: failures in a row and within 30 days stay counted (R13).
        Query query(database.prepared("UPDATE credential SET not_before = CASE WHEN status = 'active' THEN 0 "
                                      "ELSE not_before END WHERE realm = :realm AND user = :user "
                                      "AND credential = :credential AND status <> 'pending' RETURNING method, status"));
        query.bind(":realm", unlock.realm).bind(":user", unlock.target).bind(":credential", unlock.credential);
        if (!query.step()) return ChangeResult::Unknown;
        method = query.text(0);
        const bool disabled = query.text(1) == "disabled";
        while (query.step()) {
        }
        if (disabled) return ChangeResult::Disabled;
    }
    record_event(database, unlock.now,
                 {unlock.realm, unlock.target, "credential.unlocked", method, unlock.credential, "who=" + unlock.user});
    return ChangeResult::Done;
}

AdminOutcome issue_backup_code(Database& database, const AdminCodeIssue& issue, UnixSeconds floor, CountOnly only) {
    const BackupCodeIssue& wanted = issue.issue;
    if (!stands(database, issue, wanted.now, floor)) return {ChangeResult::SessionGone};
    if (wanted.user == issue.user || is_administrator(database, issue.realm, wanted.user, wanted.now)) {
        return {ChangeResult::OnAdministrator};
    }
    return with_code(database, &issue.code, floor, only, [&](AdminOutcome& outcome) {
        outcome.result = issue_backup_code(database, wanted);
    });
}

UserDelays find_delays(Database& database, const std::string& realm, const std::string& user, UnixSeconds now,
                       UnixSeconds floor) {
    UserDelays delays;
    {
        Query query(database.prepared("SELECT credential, not_before FROM credential WHERE realm = :realm "
                                      "AND user = :user AND status = 'active' AND not_before > :now"));
        query.bind(":realm", realm).bind(":user", user).bind(":now", now.value);
        while (query.step()) delays.not_before.emplace(query.text(0), UnixSeconds{query.integer(1)});
    }
    Query query(database.prepared("SELECT max(expires_at) FROM security_code WHERE realm = :realm AND user = :user "
                                  "AND kind = 'backup_code' AND used_at IS NULL AND expires_at > :now "
                                  "AND issued_at > :floor"));
    query.bind(":realm", realm).bind(":user", user).bind(":now", now.value).bind(":floor", floor.value);
    if (query.step()) {
        if (const auto until = query.maybe_integer(0)) delays.backup_code_until = UnixSeconds{*until};
    }
    return delays;
}

AuditPage find_audit_page(Database& database, std::optional<std::int64_t> after, std::int64_t most) {
    AuditPage page;
    if (after) {
        Query query(database.prepared(
            "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
            "FROM audit WHERE number > :after ORDER BY number LIMIT :most"));
        query.bind(":after", *after).bind(":most", most);
        while (query.step()) page.rows.push_back(read_audit_row(query));
    } else {
        page.rows = newest_audit_rows(database, most);
    }
    Query query(database.prepared("SELECT epoch, size, head, time, signature FROM audit_checkpoint "
                                  "ORDER BY epoch DESC, size DESC LIMIT 1"));
    if (query.step()) {
        page.checkpoint = {query.integer(0), query.integer(1), query.blob(2), UnixSeconds{query.integer(3)},
                           query.blob(4)};
    }
    return page;
}

}  // namespace countersign::server
