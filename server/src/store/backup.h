// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "app/backup.h"

namespace countersign::server {

/// True of a file that `write_backup` made and no restore has taken in. Throws SQLite::Exception.
[[nodiscard]] bool is_backup(SQLite::Database& database);

}  // namespace countersign::server
