// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/attempt_purpose.h"
#include "app/login_store.h"
#include "store/database.h"

// The part of an attempt that is the same for every method: what it is for. A deciding function calls `take_ground`
// first, then its own statements, then `fulfil` or `note_refusal`; all run in the caller's savepoint, so that a code
// is never spent without what it was for, nor the other way round (L18). All throw SQLite::Exception.

namespace countersign::server {

/// Where and when an attempt is made.
struct AttemptPlace {
    const std::string& realm;
    UnixSeconds now;
    UnixSeconds floor;  ///< of this transaction (R17)
    /// The version that the attempt itself was judged by, where it was; a challenge names its own besides.
    std::optional<std::int64_t> policy_version{};
};

/// Whether the attempt may be made. When not, nothing may be looked at, used or counted, and `decision` says what
/// became of it: `session_gone`, `judge_again` (another policy or stage), or the outcome of the same attempt before.
[[nodiscard]] bool take_ground(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place,
                               LoginDecision& decision);

/// What was accepted.
struct UsedProof {
    const std::string& user;     ///< of the attempt
    Proof proof;
    std::string_view method;     ///< as events name it
    const std::string& credential;
};

/// Whether this purpose takes the proof: every one but a challenge at which it is not open.
[[nodiscard]] bool takes(const AttemptPurpose& purpose, Proof proof) noexcept;

/// After a code was used: elevates the session or advances the challenge, with its event, and says so in `decision`.
/// Throws when it cannot, so that the code's use is undone with it.
void fulfil(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place, const UsedProof& used,
            LoginDecision& decision);

/// After a refusal, with `decision` complete: keeps a challenge's outcome for the attempt sent again, and ends the
/// challenge when this attempt began a pause or disabled the credential (L11), or was one of too many.
void note_refusal(Database& database, const AttemptPurpose& purpose, const AttemptPlace& place,
                  const LoginDecision& decision);

}  // namespace countersign::server
