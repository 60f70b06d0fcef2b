// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign {

inline constexpr int kSteamSymbols = 5;
inline constexpr std::int64_t kSteamPeriodSeconds = 30;

struct SteamVerifyOptions {
    int past_steps = 1;    ///< 0 to 10
    int future_steps = 1;  ///< 0 to 10
    std::optional<TimeStep> last_used;  ///< steps up to and including this one are refused
};

/// Makes the code that Steam Guard shows at a moment: TOTP with SHA-1 and 30 seconds, spelled with five
/// of `23456789BCDFGHJKMNPQRTVWXY`.
///
/// @param secret  shared key, 1 to 1024 bytes; borrowed for the call only
/// @param time    0 to the end of year 9999
/// Errors: `secret.too_short`, `secret.too_long`, `otp.time_out_of_range`.
[[nodiscard]] Result<Secret> generate_steam(SecretView secret, UnixSeconds time);

/// Checks such a code as `verify_totp` does: the highest unused step of the window, in constant time.
///
/// @param code  exactly five symbols, in either case
/// @return as `verify_totp`
/// Errors: `otp.code_malformed`, `otp.window_out_of_range`, and those of `generate_steam`.
[[nodiscard]] Result<Verdict> verify_steam(SecretView secret, std::string_view code, UnixSeconds now,
                                           const SteamVerifyOptions& options = {});

}  // namespace countersign
