// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/store.h"
#include "store/counting.h"
#include "store/database.h"

namespace countersign::server {

/// The deciding statements on a security code (R8, R9): the set's own row gates and counts, the code's row is
/// burnt, both or neither. Runs inside a write transaction of the caller's and throws SQLite::Exception.
/// @param floor  from this transaction's own reading of the state row (R17)
/// @param only   `Yes`: the count without what else belongs to it, after that has failed (R10)
[[nodiscard]] LoginDecision decide_security_code(Database& database, const SecurityCodeAttempt& attempt,
                                                 UnixSeconds floor, CountOnly only = CountOnly::No);

}  // namespace countersign::server
