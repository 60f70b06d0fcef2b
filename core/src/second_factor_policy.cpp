// SPDX-License-Identifier: Apache-2.0
#include "countersign/second_factor_policy.h"

namespace countersign {
namespace {

constexpr bool within(int value, int least, int most) noexcept { return value >= least && value <= most; }

bool numbers_in_range(const SecondFactorPolicy& it) noexcept {
    return within(static_cast<int>(it.security_codes), 0, static_cast<int>(SecurityCodeKinds::Both)) &&
           within(it.totp_digits, 6, 10) && within(it.totp_period_seconds, 15, 300) &&
           within(it.totp_past_steps, 0, 10) && within(it.totp_future_steps, 0, 10) &&
           within(it.email_digits, 6, 10) && within(it.email_life_seconds, 60, 3600) &&
           within(it.email_tries, 1, 20) && within(it.email_gap_seconds, 0, 3600) &&
           within(it.email_sends_per_hour, 1, 60) && within(it.email_sends_per_day, 1, 100) &&
           within(it.kba_questions, 1, 10) && within(it.pause_from_failure, 1, 10) &&
           within(it.pause_start_seconds, 10, 3600) &&
           within(it.pause_cap_seconds, it.pause_start_seconds, 86400) && within(it.window_cap, 20, 1000);
}

}  // namespace

Result<void> check_policy(const SecondFactorPolicy& policy) noexcept {
    if (!numbers_in_range(policy)) return fail(ErrorCode::PolicyOutOfRange);
    if (!policy.login_totp && !policy.login_email) return fail(ErrorCode::PolicyNoLoginMethod);
    if (!policy.forgot_phone) return {};
    const int offered = int{policy.alternate_kba} + int{policy.alternate_kba_email} + int{policy.alternate_email};
    if (offered == 0) return fail(ErrorCode::PolicyNoAlternate);
    if (offered > 1 && !policy.users_choose) return fail(ErrorCode::PolicyAlternatesUndecided);
    return {};
}

}  // namespace countersign
