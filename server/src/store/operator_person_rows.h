// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/operator_people.h"
#include "store/database.h"

namespace countersign::server {

// Both throw SQLite::Exception.

/// All of one user; without a method or an address he is empty.
[[nodiscard]] Person read_person(Database& database, const std::string& realm, const std::string& user,
                                 UnixSeconds now);
/// Whoever has a method or an address, bytewise.
[[nodiscard]] std::vector<std::string> read_user_names(Database& database, const PeoplePage& page);

}  // namespace countersign::server
