// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/attempt_purpose.h"
#include "countersign/secret.h"

namespace countersign::server {

/// A code of something a user has, whatever it is to open.
struct CodeAttempt {
    std::string realm;
    std::string user;
    std::string method;  ///< `totp` or `security_code`
    Secret code;         ///< as typed; folded there (R14b)
    std::optional<Secret> stretched;  ///< a security code in this form instead, 32 bytes
    JudgePurpose judge;               ///< what it is for; called before each transaction
    bool at_login = false;            ///< refused where the policy has no authenticators at login
};

}  // namespace countersign::server
