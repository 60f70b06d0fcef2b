// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

// What an operator changes of a user's methods, each with its event. In a transaction of the caller's; all throw
// SQLite::Exception.

/// Holds the policy it was judged by (R11), and leaves the last second factor where the policy does (R6).
[[nodiscard]] ChangeResult remove_by_operator(Database& database, const MethodChange& change);
[[nodiscard]] ChangeResult disable_by_operator(Database& database, const MethodChange& change);
/// Delays and nothing else: failures stay counted, and what is disabled stays so (R13). @return whose delay ended
[[nodiscard]] std::vector<std::string> end_pauses(Database& database, const PauseEnd& end);

}  // namespace countersign::server
