// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

/// Deletes every row of a user, and erases his records of the audit log; the event that tells so names nobody. Nothing
/// when there was nothing of him. In a transaction of the caller's. Throws SQLite::Exception.
[[nodiscard]] std::optional<ErasedPerson> erase_person(Database& database, const PersonErasure& erasure);

/// Empties the write-ahead log, where what was erased stands until it is overwritten. As well as can be done: a reader
/// who stays longer than a second, a backup for instance, keeps it. Outside of transactions.
void cut_log(Database& database) noexcept;

}  // namespace countersign::server
