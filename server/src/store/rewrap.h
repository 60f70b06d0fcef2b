// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/key_store.h"
#include "store/database.h"

// What is sealed, read and replaced without being opened. Each throws SQLite::Exception.

namespace countersign::server {

[[nodiscard]] std::vector<SealedRow> sealed_rows_after(Database& database, SealedTable table, const SealedRow& after,
                                                       int most);
/// In the caller's transaction: each row where key and ciphertext are still those that were read (R20).
[[nodiscard]] std::int64_t replace_sealed(Database& database, SealedTable table, const std::vector<SealedAnew>& rows,
                                          const std::string& key_id);
[[nodiscard]] std::vector<KeyCount> count_sealed(Database& database, SealedTable table);

}  // namespace countersign::server
