// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy.h"

namespace countersign::server {

/// What has become of one method of a user. A disabled one (R13) still stands at login and refuses as a wrong
/// code does, so that a page cannot tell it from an active one (R14).
enum class Holding : unsigned char { None, Active, Disabled };

/// What a user has set up; pending ones are none.
struct Holdings {
    Holding totp = Holding::None;
    Holding email = Holding::None;            ///< the primary address
    Holding alternate_email = Holding::None;  ///< after its hold (R23)
    Holding kba = Holding::None;
    Holding static_codes = Holding::None;  ///< a set, whatever remains of it
    Holding backup_code = Holding::None;   ///< one that is outstanding
};

/// All that decides what a login offers, as it stands at this moment (R11).
struct LoginCircumstances {
    Policy policy;
    Holdings holdings;
    AlternateSet picked;        ///< the user's own choice of alternates (U10); empty when there is none
    bool first_factor = false;  ///< the relying party has named the first factor it checked (R5)
};

/// What the second page of a login shows (U6).
struct LoginOffer {
    bool totp = false;
    bool email = false;
    AlternateSet alternates;     ///< of Forgot My Phone; none: the link is not there
    bool static_codes = false;
    bool backup_code = false;

    /// There is no second factor to ask for: one has to be set up, and nothing is passed (R6).
    [[nodiscard]] constexpr bool enrollment_required() const noexcept { return !totp && !email; }
    [[nodiscard]] constexpr bool any_fallback() const noexcept {
        return !alternates.empty() || static_codes || backup_code;
    }
    bool operator==(const LoginOffer&) const = default;
};

/// Decides it. The second factors are those that the policy allows at login and the user has set up, active or
/// disabled. A fallback stands in for one of these, never for none (R6): a user who has security questions and
/// nothing else has to enroll. And only where a first factor was named (R5).
[[nodiscard]] LoginOffer login_offer(const LoginCircumstances& at) noexcept;

}  // namespace countersign::server
