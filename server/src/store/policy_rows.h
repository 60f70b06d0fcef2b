// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/policy_store.h"
#include "store/database.h"

namespace countersign::server {

// All throw SQLite::Exception; writes run in a transaction of the caller's.

/// The policy in force; nothing when there is no such realm.
[[nodiscard]] std::optional<PolicyRecord> find_policy(Database& database, const std::string& realm);
/// The oldest first.
[[nodiscard]] std::vector<PolicyRecord> list_policies(Database& database, const std::string& realm);

/// Whether `version` is in force, and until this transaction ends no other one can be: it takes the lock that
/// `insert_policy` needs (R11). The first statement of a transaction that decides by a policy.
[[nodiscard]] bool hold_policy(Database& database, const std::string& realm, std::int64_t version);

/// Saves the next version and puts it in force, with an event. Nothing when another one than expected is.
[[nodiscard]] std::optional<PolicyRecord> insert_policy(Database& database, const PolicyChange& change);

}  // namespace countersign::server
