// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "countersign/result.h"

namespace countersign {

/// Which security codes may sign in: the user's own set, those that an administrator makes, or both.
enum class SecurityCodeKinds : unsigned char { None, Static, Backup, Both };

/// What an administrator decides about second factors; the numbers are those of a whole site.
///
/// A plain value: whoever stores a policy in another form fills this in to ask `guess_budget` and
/// `judge_policy` about it. All ranges are inclusive.
///
/// ```cpp
/// countersign::SecondFactorPolicy policy;
/// policy.forgot_phone = true;
/// if (const auto sound = countersign::check_policy(policy); !sound)
///     std::printf("%s\n", std::string(error_name(sound.error().code)).c_str());  // policy.no_alternate
/// ```
struct SecondFactorPolicy {
    bool login_totp = true;    ///< an authenticator app may be the second factor
    bool login_email = false;  ///< so may a code by email
    bool allow_none = false;   ///< users may be without a second factor

    bool forgot_phone = false;         ///< off: the three alternates below do not count
    bool alternate_kba = false;        ///< security questions alone
    bool alternate_kba_email = false;  ///< security questions, then a code to the alternate address
    bool alternate_email = false;      ///< a code to the alternate address alone
    bool users_choose = false;         ///< each user takes one of the alternates; needed for more than one

    SecurityCodeKinds security_codes = SecurityCodeKinds::None;

    int totp_digits = 6;           ///< 6 to 10
    int totp_period_seconds = 30;  ///< 15 to 300
    int totp_past_steps = 1;       ///< 0 to 10: steps accepted before the present one
    int totp_future_steps = 1;     ///< 0 to 10: and after it

    int email_digits = 6;           ///< 6 to 10
    int email_life_seconds = 600;   ///< 60 to 3600: how long one code is good
    int email_tries = 5;            ///< 1 to 20 guesses at one code
    int email_gap_seconds = 60;     ///< 0 to 3600 between two mails to one address
    int email_sends_per_hour = 5;   ///< 1 to 60, in any 3600 seconds
    int email_sends_per_day = 10;   ///< 1 to 100, in any 86400 seconds

    int kba_questions = 3;  ///< 1 to 10, judged as one secret

    int pause_from_failure = 5;     ///< 1 to 10: this failure in a row begins the first pause
    int pause_start_seconds = 30;   ///< 10 to 3600; doubled by each further failure
    int pause_cap_seconds = 3600;   ///< `pause_start_seconds` to 86400
    int window_cap = 100;           ///< 20 to 1000: this failure within 30 days disables the method
};

/// Says whether a policy can be meant.
///
/// Errors, the first that holds: `policy.out_of_range`, `policy.no_login_method`, `policy.no_alternate`,
/// `policy.alternates_undecided`.
[[nodiscard]] Result<void> check_policy(const SecondFactorPolicy& policy) noexcept;

}  // namespace countersign
