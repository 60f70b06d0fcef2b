// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/error.h"
#include "app/store.h"
#include "store/database.h"

namespace countersign::server {

/// Brings a store to this version, one transaction a migration. Throws SQLite::Exception.
/// Errors: `data.newer_version`, `data.unusable` (a database of some other program).
[[nodiscard]] Answer<void> migrate(Database& database);

[[nodiscard]] StoreState read_state(Database& database);

/// See `Store::match_key`.
[[nodiscard]] bool match_key_check(Database& database, const Digest& key_check);

}  // namespace countersign::server
