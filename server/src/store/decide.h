// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/store.h"
#include "store/database.h"

// The deciding statements (R8, R9). Each is one UPDATE ... RETURNING on the credential's own row that
// gates, counts and decides at once: one changed row means yes, anything else means no. They run inside
// a write transaction of the caller's, and throw SQLite::Exception.

namespace countersign::server {

enum class CountOnly : bool { No, Yes };

/// @param floor  from this transaction's own reading of the state row (R17)
/// @param only   `Yes`: the count without what else belongs to it, after that has failed (R10)
[[nodiscard]] LoginDecision decide_login(Database& database, const LoginAttempt& attempt, UnixSeconds floor,
                                         CountOnly only = CountOnly::No);

[[nodiscard]] ConfirmDecision decide_confirm(Database& database, const ConfirmAttempt& attempt, UnixSeconds floor,
                                             CountOnly only = CountOnly::No);

}  // namespace countersign::server
