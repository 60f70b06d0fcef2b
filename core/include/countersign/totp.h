// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

/// Whole seconds since 1970-01-01 UTC. The core never reads a clock.
struct UnixSeconds {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(UnixSeconds, UnixSeconds) = default;
};

/// The number of a period since the epoch: `time / period`, rounded down (RFC 6238, 4.2).
struct TimeStep {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(TimeStep, TimeStep) = default;
};

enum class Algorithm : unsigned char { Sha1, Sha256, Sha512 };

/// `sha1`, `sha256`, `sha512`.
[[nodiscard]] std::string_view algorithm_name(Algorithm algorithm) noexcept;
/// Reads either case, with or without a dash (`SHA1`, `sha-256`). Errors: `otp.algorithm_unknown`.
[[nodiscard]] Result<Algorithm> parse_algorithm(std::string_view text) noexcept;

inline constexpr int kMinDigits = 6;
inline constexpr int kMaxDigits = 10;
inline constexpr std::int64_t kMaxPeriodSeconds = 86400;
inline constexpr int kMaxWindowSteps = 10;
inline constexpr int kMaxLocateRadius = 120;
inline constexpr std::size_t kMaxSecretBytes = 1024;
inline constexpr std::int64_t kMaxUnixSeconds = 253402300799;  ///< the last second of year 9999

/// What one authenticator was set up with. The defaults reach the most apps.
struct TotpParameters {
    Algorithm algorithm = Algorithm::Sha1;
    int digits = 6;                    ///< 6 to 10
    std::int64_t period_seconds = 30;  ///< 1 to 86400
};

struct VerifyOptions {
    TotpParameters parameters;
    int past_steps = 1;    ///< 0 to 10; one step of delay is what RFC 6238, 5.2 recommends
    int future_steps = 1;  ///< 0 to 10
    std::optional<TimeStep> last_used;  ///< steps up to and including this one are refused
};

struct TotpResyncOptions {
    TotpParameters parameters;
    int radius_steps = 20;  ///< 0 to 120 steps looked at on each side of `now`; both codes lie within
    std::optional<TimeStep> last_used;  ///< steps up to and including this one are refused
};

enum class Outcome : unsigned char { Accepted, Rejected, Replayed };

/// `accepted`, `rejected`, `replayed`.
[[nodiscard]] std::string_view outcome_name(Outcome outcome) noexcept;

struct Verdict {
    Outcome outcome = Outcome::Rejected;
    TimeStep step;  ///< the matched step with `Accepted` and `Replayed`; 0 with `Rejected`
};

/// The step that holds a moment. Errors: `otp.period_out_of_range`, `otp.time_out_of_range`.
[[nodiscard]] Result<TimeStep> time_step_at(UnixSeconds time, std::int64_t period_seconds) noexcept;

/// Makes the code that an authenticator shows at a moment (RFC 6238, 4.2; RFC 4226, 5.3).
///
/// @param secret  shared key, 1 to 1024 bytes; borrowed for the call only
/// @param time    0 to the end of year 9999
/// @return `digits` ASCII digits, leading zeros included
/// Errors: `secret.too_short`, `secret.too_long`, `otp.digits_out_of_range`, `otp.period_out_of_range`,
/// `otp.time_out_of_range`, `otp.algorithm_unknown` (a value that is none of the enumeration's).
[[nodiscard]] Result<Secret> generate_totp(SecretView secret, UnixSeconds time,
                                           const TotpParameters& parameters = {});

/// Checks a code typed by a user against a secret at a given moment.
///
/// Every step in the window is compared in constant time, also after a match, so the duration does not
/// tell which step matched, nor anything of secret and code but whether the code is one. Of several
/// matching steps above `last_used` the highest is returned, since two steps can share digits. Steps
/// before 0 are left out of the window.
///
/// @param secret   shared key, 1 to 1024 bytes; borrowed for the call only
/// @param code     exactly `digits` ASCII digits; see `fold_code` for what people type
/// @param now      0 to the end of year 9999
/// @return the verdict; with `Accepted`, the matched step, to be stored by the caller *before* it
///         answers yes; `Replayed` when the only matches are steps up to `last_used`
/// Errors: `otp.code_malformed`, `otp.window_out_of_range`, and those of `generate_totp`.
[[nodiscard]] Result<Verdict> verify_totp(SecretView secret, std::string_view code, UnixSeconds now,
                                          const VerifyOptions& options = {});

/// Says how far off a clock is, for advice during a person's own enrollment. Never a reason to accept.
///
/// @param radius_steps  0 to 120 steps looked at on each side of `now`
/// @return the matching step nearest to `now`, the earlier of two equally near, or nothing
/// Errors: those of `verify_totp`.
[[nodiscard]] Result<std::optional<TimeStep>> locate_totp(SecretView secret, std::string_view code,
                                                          UnixSeconds now, int radius_steps,
                                                          const TotpParameters& parameters = {});

/// Finds an authenticator whose clock has drifted, by two codes that it showed one after the other.
///
/// Asked for by name, never done by `verify_totp`. Both steps lie above `last_used`, so that no code of the
/// past is taken again; of several pairs the highest counts, and every step in reach is looked at. The
/// drift is `step - time_step_at(now)`: what the caller keeps and adds to `now` afterwards.
///
/// @param first   the older code, exactly `digits` ASCII digits
/// @param second  the code of the very next step
/// @return `Accepted` with the step of `second`, to be stored as last used *before* the answer is yes;
///         else `Rejected`, also for codes that are used up
/// Errors: those of `verify_totp`.
[[nodiscard]] Result<Verdict> resync_totp(SecretView secret, std::string_view first, std::string_view second,
                                          UnixSeconds now, const TotpResyncOptions& options = {});

/// Turns what people type or paste into ASCII digits: drops spaces and dashes of every Unicode kind, and
/// folds full-width, Arabic-Indic and extended Arabic-Indic digits. Spaces are Unicode's White_Space, line
/// ends included, and the zero-width ones (U+200B, U+2060, U+FEFF); dashes are category Pd, the soft hyphen
/// and the minus sign. Everything else is kept, so that it is refused later. Folding twice is folding once.
/// Input over 128 bytes, and what is not UTF-8, is returned as it is.
///
/// What is typed in ASCII takes a time that depends on the length and on which characters are separators, not
/// on the digits; digits of another script may show in it.
[[nodiscard]] Secret fold_code(std::string_view typed);

}  // namespace countersign
