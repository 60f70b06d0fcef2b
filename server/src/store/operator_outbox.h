// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

// The outbox as an operator sees and clears it. All throw SQLite::Exception; changes run in a transaction of the
// caller's, with their event.

/// What is dead first, then by the time of the next try.
[[nodiscard]] std::vector<OutboxEnvelope> read_envelopes(Database& database, const std::string& realm, bool dead_only,
                                                         std::int64_t most);
/// What waits is due at once. @return how many
[[nodiscard]] std::int64_t retry_mails(Database& database, const OutboxPick& pick);
/// @return how many
[[nodiscard]] std::int64_t drop_mails(Database& database, const OutboxPick& pick);

}  // namespace countersign::server
