// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "app/challenge.h"
#include "app/error.h"
#include "countersign/totp.h"

// What a code or an answer is for: a login by itself, a step-up, or one step of a challenge. Whatever is tried, of
// whichever method, carries one of these to its deciding statement, and both are done in one transaction (L18).

namespace countersign::server {

struct SessionToElevate {
    std::string user;  ///< whose it is; that of the attempt may be a hash
    std::string id;
    /// How long what a recovery has bound elevates no further than the recovery itself (R2).
    std::int64_t recovery_hold_seconds = 24 * 3600;
};

/// What one proof makes of a challenge.
struct NextStage {
    std::int64_t stage = 0;  ///< as `stage_number`
    bool passes = false;     ///< enough is proven with it
    bool fallback = false;   ///< as the receipt says it
    bool recovery = false;
};

/// A challenge as it was judged before the transaction, which finds out whether it still stands so (R11).
struct ChallengeToAdvance {
    std::string user;     ///< whose it is; that of the attempt may be a hash
    std::string id;
    std::string attempt;  ///< the caller's random name of this try; one sent twice is carried out once (R4)
    std::int64_t policy_version = 0;  ///< judged by it
    std::int64_t stage = 0;           ///< judged at it
    std::int64_t ended = 0;           ///< the stage of a lockout (L11)
    UnixSeconds expires_at;
    std::array<std::optional<NextStage>, kProofCount> next;  ///< by proof; nothing: not taken now

    [[nodiscard]] const std::optional<NextStage>& after(Proof proof) const noexcept {
        return next[static_cast<std::size_t>(proof)];
    }
};

/// An administrator's own factor, given for one act. What a recovery has bound is none (R3): it is used up and refused.
struct FreshFactor {
    std::int64_t recovery_hold_seconds = 24 * 3600;  ///< as in `SessionToElevate`
};

/// Nothing: a login, of which the relying party keeps the rest.
using AttemptPurpose = std::variant<std::monostate, SessionToElevate, ChallengeToAdvance, FreshFactor>;

/// Judges anew with each call: asked once before each transaction, since the last one may have found that the policy
/// or the stage is another. An error ends the attempt, which is then neither used nor counted.
using JudgePurpose = std::function<Answer<AttemptPurpose>()>;

/// So often an attempt is judged before it is given up as `server.unavailable`.
inline constexpr int kJudgings = 3;

}  // namespace countersign::server
