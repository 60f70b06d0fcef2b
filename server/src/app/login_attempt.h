// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/policy.h"
#include "countersign/totp.h"

namespace countersign::server {

/// What the hash said of one credential, before the transaction.
struct CheckedCredential {
    std::string credential;
    Outcome outcome = Outcome::Rejected;
    TimeStep step;  ///< with Accepted and Replayed
};

/// One code of something the user has. The statement decides; `checked` only says
/// which statement runs.
struct LoginAttempt {
    std::string realm;
    std::string user;    ///< or its keyed hash, when nobody has heard of it
    std::string method;
    bool known = true;
    UnixSeconds now;
    /// Every active or disabled credential whose form the code has. Empty: nothing is counted (R14b).
    std::vector<CheckedCredential> checked;
    AttemptPurpose purpose{};  ///< carried out in the same transaction
    Policy::Counting counting{};
};

}  // namespace countersign::server
