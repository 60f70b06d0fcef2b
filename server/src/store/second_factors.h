// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/login_store.h"
#include "store/database.h"

namespace countersign::server {

/// What the ways beside a second factor stand in for (R6): the user's authenticators, and his email where it is one.
struct SecondFactors {
    bool any = false;  ///< active or disabled
    bool active = false;
    bool disabled = false;
};

// All throw SQLite::Exception.

[[nodiscard]] SecondFactors second_factors_of(Database& database, const std::string& realm, const std::string& user);

/// Whether the user may lose this one: the rules say so, or another active one stands that they let in at login (R6).
[[nodiscard]] bool may_lose(Database& database, const std::string& realm, const std::string& user,
                            const std::string& credential, const LosingRules& rules);

/// After a removal: what stood in for second factors goes with the last of them, and so does what was begun, since the
/// next one is a first one.
void forget_fallbacks_of_none(Database& database, const std::string& realm, const std::string& user);

}  // namespace countersign::server
