// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>

#include "app/backup.h"

namespace countersign::server {

/// When a backup of this store was made last. Throws SQLite::Exception.
[[nodiscard]] std::optional<UnixSeconds> find_last_backup(SQLite::Database& database);

/// True of a file that `write_backup` made and no restore has taken in. Throws SQLite::Exception.
[[nodiscard]] bool is_backup(SQLite::Database& database);

}  // namespace countersign::server
