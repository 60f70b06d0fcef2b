// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/digest.h"
#include "app/error.h"
#include "app/keys.h"
#include "countersign/secret.h"

namespace countersign::server {

/// A fresh security code with what is stored of it.
struct MadeCode {
    Secret shown;  ///< grouped for reading
    Digest digest{};
};

/// Stretches: takes some tens of milliseconds and 19 MiB. Errors: `server.unavailable`.
[[nodiscard]] Answer<MadeCode> make_backup_code(const Keys& keys, const std::string& realm, const std::string& user);

}  // namespace countersign::server
