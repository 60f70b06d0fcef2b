// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "countersign/totp.h"
#include "store/database.h"

namespace countersign::server {

/// Whether a run does all of its work, or only what R9 counts.
enum class CountOnly : bool { No, Yes };

/// A pause begins with this failure in a row.
inline constexpr std::int64_t kPauseFromFailure = 5;

/// What a counting statement returns: `failures, not_before, window_failures, status`.
struct Counted {
    std::int64_t failures = 0;
    std::int64_t not_before = 0;
    std::int64_t window_failures = 0;
    bool disabled = false;
};

/// Runs a counting statement to its end; nothing when it changed no row.
[[nodiscard]] std::optional<Counted> run_count(Query& query);

/// Whole seconds until then; at most a day.
[[nodiscard]] int wait_until(std::int64_t not_before, UnixSeconds now);

}  // namespace countersign::server
