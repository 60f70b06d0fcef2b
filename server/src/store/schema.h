// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/error.h"
#include "app/store.h"
#include "app/store_mark.h"
#include "store/database.h"

namespace countersign::server {

/// The first migration with `state.store_id`, `master_key` and `kept_key`.
inline constexpr std::int64_t kSchemaWithKeys = 6;

/// That a database is a store of ours, of whatever version this one knows, with no SQL in it but ours. Throws SQLite::Exception.
/// Errors: `data.newer_version`, `data.unusable`.
[[nodiscard]] Answer<void> check_owner(SQLite::Database& database);

/// Brings a store to this version, one transaction a migration. Throws SQLite::Exception.
/// Errors: `data.newer_version`, `data.unusable` (a database of some other program, or with SQL that is not ours).
[[nodiscard]] Answer<void> migrate(Database& database);

/// Refuses a store of an older version, which is for the server or the owner of its key to bring to this one.
/// Errors: `data.unusable`. Throws SQLite::Exception.
[[nodiscard]] Answer<void> refuse_older(Database& database);

[[nodiscard]] StoreState read_state(Database& database);
/// How far the store has come. Throws SQLite::Exception.
[[nodiscard]] StoreMark read_mark(Database& database);

/// See `Store::match_key`.
[[nodiscard]] bool match_key_check(Database& database, const Digest& key_check);

}  // namespace countersign::server
