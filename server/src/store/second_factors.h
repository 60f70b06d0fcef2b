// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/database.h"

namespace countersign::server {

/// What the ways beside a second factor stand in for (R6): the user's authenticators, and his email where it is one.
struct SecondFactors {
    bool any = false;  ///< active or disabled
    bool active = false;
    bool disabled = false;
};

/// Throws SQLite::Exception.
[[nodiscard]] SecondFactors second_factors_of(Database& database, const std::string& realm, const std::string& user);

}  // namespace countersign::server
