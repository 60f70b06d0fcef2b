// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "app/error.h"

namespace countersign::server {

/// That a store holds just the tables, indexes and triggers that its version's migrations make, letter by letter, and a
/// backup's own mark. SQL in the file would run with the server's rights: a trigger that resets `last_step` lets a code
/// count again (R8). What ANALYZE writes (`sqlite_stat...`) is SQLite's own. One read. Throws SQLite::Exception.
/// Errors: `data.unusable`, with the first object that is changed, missing or not ours.
[[nodiscard]] Answer<void> refuse_foreign_schema(SQLite::Database& database);

/// The table that makes a store a backup.
inline constexpr const char* kBackupMarkTable =
    "CREATE TABLE backup_mark (made_at INTEGER NOT NULL, schema INTEGER NOT NULL, epoch INTEGER NOT NULL, "
    "commits INTEGER NOT NULL, key_id TEXT NOT NULL) STRICT";

}  // namespace countersign::server
