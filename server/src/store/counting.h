// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/policy.h"
#include "countersign/totp.h"
#include "store/database.h"

// The two counting statements (R9, R13), one for what a user has and one for users nobody has heard of: the same
// pauses and the same ends, by the numbers of the policy that the attempt was judged by.

namespace countersign::server {

/// Whether a run does all of its work, or only what R9 counts.
enum class CountOnly : bool { No, Yes };

/// What a counting statement returns: `failures, not_before, window_failures, status`.
struct Counted {
    std::int64_t failures = 0;
    std::int64_t not_before = 0;
    std::int64_t window_failures = 0;
    bool disabled = false;
};

/// The credential that a wrong code was for.
struct CountTarget {
    const std::string& realm;
    const std::string& user;
    const std::string& credential;
    UnixSeconds now;
    /// The session whose pending one it is; empty: an active one.
    std::string_view session{};
    /// Of this transaction (R17); a pending one begun before it is gone.
    UnixSeconds floor{0};
};

/// Counts once, unless a pause runs or the credential is not what the target says: then nothing.
/// Throws SQLite::Exception, as all here.
[[nodiscard]] std::optional<Counted> count_failure(Database& database, const CountTarget& target,
                                                   const Policy::Counting& numbers);

/// The same for a user nobody has heard of (R14).
/// @param hidden_user  his keyed hash
[[nodiscard]] std::optional<Counted> count_unknown(Database& database, const std::string& realm,
                                                   const std::string& hidden_user, std::string_view method,
                                                   UnixSeconds now, const Policy::Counting& numbers);

/// Whole seconds until then; at most a day.
[[nodiscard]] int wait_until(std::int64_t not_before, UnixSeconds now);

}  // namespace countersign::server
