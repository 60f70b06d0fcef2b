// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/challenge_store.h"
#include "app/digest.h"
#include "app/outbox_store.h"
#include "countersign/totp.h"

namespace countersign::server {

/// A step-up lasts so long, and never beyond its session (R2).
inline constexpr std::int64_t kElevationSeconds = 10 * 60;

/// A challenge that a new session names as its step-up: one that was passed not long ago, judged before the
/// transaction, which finds out whether it still stands so.
struct EarnedStepUp {
    std::string challenge;
    std::int64_t policy_version = 0;
    std::int64_t stage = 0;
    ProofSet proven;
    bool recovery = false;  ///< by a fallback, or by what a recovery has bound
};

struct SessionRecord {
    std::string realm;
    std::string user;
    std::string id;
    std::string purpose;  ///< `manage`, `challenge` or `admin`
    std::string account;
    std::string issuer;
    Digest lookup{};
    Digest binding{};
    UnixSeconds created_at;
    UnixSeconds expires_at;
    UnixSeconds elevated_until{0};  ///< 0: never; ask `is_elevated`
    bool recovery = false;
    std::string app_key;    ///< which opened it
    std::string challenge;  ///< the one it answers, or by which it was elevated
    std::string scopes;     ///< of purpose `admin`, with commas

    // What begins with it, in the same transaction:
    std::optional<ChallengeRecord> opens;    ///< of purpose `challenge`
    std::optional<EarnedStepUp> earned;
    std::optional<ContactRecord> contact;
};

enum class OpenResult : unsigned char {
    Done,
    JudgeAgain,  ///< the challenge that was to elevate it is not (any more) what was judged
    KeyGone,     ///< the application key was revoked meanwhile
};

/// Whether a session may change what the user has. One that ends later than any can have been given, because
/// the clock was set back, is none.
[[nodiscard]] constexpr bool is_elevated(UnixSeconds elevated_until, UnixSeconds now) noexcept {
    return elevated_until > now && elevated_until.value - now.value <= kElevationSeconds;
}

}  // namespace countersign::server
