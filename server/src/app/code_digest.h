// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/digest.h"
#include "app/error.h"
#include "app/keys.h"
#include "countersign/secret.h"

namespace countersign::server {

/// What the store keeps of a stretched code, 32 bytes, of this user (R21). Errors: `server.unavailable`.
[[nodiscard]] Answer<Digest> digest_code(const Keys& keys, const std::string& realm, const std::string& user,
                                         SecretView stretched);

}  // namespace countersign::server
