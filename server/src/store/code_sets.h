// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "app/store.h"
#include "store/database.h"

// How sets of security codes come and go: a row of `credential` each, and their codes. All run inside a write
// transaction of the caller's (but for the count) and throw SQLite::Exception.

namespace countersign::server {

/// Codes of a set that are neither used nor expired nor from before the floor.
[[nodiscard]] std::int64_t count_usable_codes(Database& database, const std::string& realm, const std::string& user,
                                              const std::string& credential, UnixSeconds now, UnixSeconds floor);

/// The new static codes instead of the old, whose codes end with them: whatever was found out about those opens
/// nothing (U9). A code that the user has already, used or not, is no new one (L13).
[[nodiscard]] ChangeResult replace_codes(Database& database, const CodeSetChange& change, UnixSeconds floor);

/// The one outstanding code of an administrator; it ends the one before, and enables static codes that were
/// disabled (R3).
[[nodiscard]] ChangeResult issue_backup_code(Database& database, const BackupCodeIssue& issue);

}  // namespace countersign::server
