// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

/// Deletes every row of a user, and erases his records of the audit log; the event that tells so names nobody. Nothing
/// when there was nothing of him. In a transaction of the caller's. Throws SQLite::Exception.
[[nodiscard]] std::optional<ErasedPerson> erase_person(Database& database, const PersonErasure& erasure);

/// Empties the write-ahead log, where what was erased stands until it is overwritten. Outside of transactions.
/// @return false when somebody read or copied it for longer than two seconds, a backup for instance: it stands there still
[[nodiscard]] bool cut_log(Database& database) noexcept;

}  // namespace countersign::server
