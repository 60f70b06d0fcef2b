// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign {

inline constexpr int kMaxLookAhead = 100;
inline constexpr int kMaxResyncReach = 1000;

/// What one counter-based token was set up with.
struct HotpParameters {
    Algorithm algorithm = Algorithm::Sha1;
    int digits = 6;  ///< 6 to 10
};

struct HotpVerifyOptions {
    HotpParameters parameters;
    int look_ahead = 10;  ///< 0 to 100 counters more than the next one: presses that never arrived
    std::optional<std::uint64_t> last_used;  ///< counters up to and including this one are refused; none: new
};

struct HotpResyncOptions {
    HotpParameters parameters;
    int reach = 100;  ///< 0 to 1000 counters more than the next one that the first code may belong to
    std::optional<std::uint64_t> last_used;  ///< as for `HotpVerifyOptions`
};

struct HotpVerdict {
    Outcome outcome = Outcome::Rejected;
    std::uint64_t counter = 0;  ///< the matched counter with `Accepted` and `Replayed`; 0 with `Rejected`
};

/// Makes the code of one counter (RFC 4226, 5.3); any counter of 64 bits.
///
/// @param secret  shared key, 1 to 1024 bytes; borrowed for the call only
/// @return `digits` ASCII digits, leading zeros included
/// Errors: `secret.too_short`, `secret.too_long`, `otp.digits_out_of_range`, `otp.algorithm_unknown`.
[[nodiscard]] Result<Secret> generate_hotp(SecretView secret, std::uint64_t counter,
                                           const HotpParameters& parameters = {});

/// Checks a code against the counters that come after the last used one (RFC 4226, 7.2 and 7.4).
///
/// Every counter in reach is compared in constant time, also after a match. Of several that match the
/// highest counts: with a lower one, the same digits would be good a second time. Past counter 2^64 - 1
/// there is none, and a token that has used it is refused for ever.
///
/// @param code  exactly `digits` ASCII digits; see `fold_code` for what people type
/// @return the verdict; with `Accepted`, the counter, to be stored as last used *before* the answer is
///         yes; `Replayed` when the only match is the last used counter itself: a double click
/// Errors: `otp.code_malformed`, `otp.window_out_of_range`, and those of `generate_hotp`.
[[nodiscard]] Result<HotpVerdict> verify_hotp(SecretView secret, std::string_view code,
                                              const HotpVerifyOptions& options = {});

/// Finds a token that ran ahead, by two codes that it showed one after the other (RFC 4226, 7.4, E.4).
///
/// Never goes to or below the last used counter, and looks no further than `reach`. Of several pairs the
/// highest counts.
///
/// @param first   the older code, exactly `digits` ASCII digits
/// @param second  the code of the very next counter
/// @return `Accepted` with the counter of `second`, to be stored as last used *before* the answer is yes;
///         else `Rejected`
/// Errors: those of `verify_hotp`.
[[nodiscard]] Result<HotpVerdict> resync_hotp(SecretView secret, std::string_view first, std::string_view second,
                                              const HotpResyncOptions& options = {});

}  // namespace countersign
