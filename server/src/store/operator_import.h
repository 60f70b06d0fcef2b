// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

/// Puts users beside those who are there, in a transaction of the caller's that is undone when one is refused.
/// Errors: `import.row_invalid`. Throws SQLite::Exception.
[[nodiscard]] Answer<ImportedPeople> import_people(Database& database, const PeopleImport& import);

}  // namespace countersign::server
