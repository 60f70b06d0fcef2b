// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/store.h"
#include "store/database.h"

namespace countersign::server {

/// One statement, so that policy and credentials are of one moment. Nothing for a realm that does not exist.
/// The records carry what a login judges by; what an enrollment keeps in them is left empty.
[[nodiscard]] std::optional<LoginGround> find_login_ground(Database& database, const std::string& realm,
                                                           const std::string& user, const std::string& method);

}  // namespace countersign::server
