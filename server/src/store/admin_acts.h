// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/admin_store.h"
#include "store/counting.h"
#include "store/database.h"

// What an administrator does through the server (R3). Acts run in a transaction of the caller's; all throw
// SQLite::Exception.

namespace countersign::server {

/// Whether the user was the actor of an administrator's session within 90 days, or is one now.
[[nodiscard]] bool is_administrator(Database& database, const std::string& realm, const std::string& user,
                                    UnixSeconds now);

/// Done, SessionGone or PolicyChanged, or a code that was refused: it is counted, and nothing else done.
/// @param only  `Yes`: the count without what else belongs to it, after that has failed (R10)
[[nodiscard]] AdminOutcome save_policy(Database& database, const AdminPolicySave& save, UnixSeconds floor,
                                       CountOnly only = CountOnly::No);
[[nodiscard]] ChangeResult unlock(Database& database, const AdminUnlock& unlock, UnixSeconds floor);
/// As `save_policy`; besides OnAdministrator and NoMethod.
[[nodiscard]] AdminOutcome issue_backup_code(Database& database, const AdminCodeIssue& issue, UnixSeconds floor,
                                             CountOnly only = CountOnly::No);

[[nodiscard]] UserDelays find_delays(Database& database, const std::string& realm, const std::string& user,
                                     UnixSeconds now, UnixSeconds floor);
[[nodiscard]] AuditPage find_audit_page(Database& database, std::optional<std::int64_t> after, std::int64_t most);

}  // namespace countersign::server
