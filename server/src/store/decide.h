// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/store.h"
#include "store/counting.h"
#include "store/database.h"

// The deciding statement on what a user has (R8, R9): one UPDATE on the credential's own row that gates,
// counts and decides at once. One changed row means yes, anything else means no. It runs inside
// a write transaction of the caller's, and throws SQLite::Exception.

namespace countersign::server {

/// @param floor  from this transaction's own reading of the state row (R17)
/// @param only   `Yes`: the count without what else belongs to it, after that has failed (R10)
[[nodiscard]] LoginDecision decide_login(Database& database, const LoginAttempt& attempt, UnixSeconds floor,
                                         CountOnly only = CountOnly::No);

/// Counts a wrong code once on each of `attempt.checked`, and adds what came of it to `decision`.
void count_refused(Database& database, const LoginAttempt& attempt, CountOnly only, LoginDecision& decision);

/// The wait told with a refusal: of the credential that opens first. Only tells; never decides.
[[nodiscard]] int remaining_pause(Database& database, const LoginAttempt& attempt);

}  // namespace countersign::server
