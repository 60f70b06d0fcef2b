// SPDX-License-Identifier: Apache-2.0
#include "app/policy_weakening.h"

namespace countersign::server {
namespace {

bool opens(bool before, bool after) noexcept { return after && !before; }

/// Whether whoever passes by one of `is` could pass by what was open: questions and mail together pass each alone.
bool covers(AlternateSet was, AlternateSet is) noexcept {
    const bool both = was.has(Alternate::KbaEmail) || was.has(Alternate::Kba) || was.has(Alternate::Email);
    return (!is.has(Alternate::Kba) || was.has(Alternate::Kba)) &&
           (!is.has(Alternate::Email) || was.has(Alternate::Email)) && (!is.has(Alternate::KbaEmail) || both);
}

/// Whether any user, whatever he picked or never did, has a way open that he had not.
bool opens_an_alternate(const Policy& before, const Policy& after) noexcept {
    for (unsigned picks = 0; picks < 1U << kAlternateCount; ++picks) {
        AlternateSet picked;
        for (unsigned i = 0; i < kAlternateCount; ++i) {
            if ((picks >> i & 1U) != 0) picked.add(static_cast<Alternate>(i));
        }
        if (!covers(effective_alternates(before, picked), effective_alternates(after, picked))) return true;
    }
    return false;
}

bool opens_a_way(const Policy& before, const Policy& after) noexcept {
    return opens(before.login_methods.totp, after.login_methods.totp) ||
           opens(before.login_methods.email, after.login_methods.email) ||
           opens(before.allow_none, after.allow_none) || opens(after.require_setup, before.require_setup) ||
           opens_an_alternate(before, after) ||
           opens(allows_static_codes(before), allows_static_codes(after)) ||
           opens(allows_backup_codes(before), allows_backup_codes(after));
}

/// Who has the one alone is left without a second factor, and without the app mail alone is the weaker one.
bool takes_a_login(const Policy& before, const Policy& after) noexcept {
    return opens(after.login_methods.totp, before.login_methods.totp) ||
           opens(after.login_methods.email, before.login_methods.email);
}

bool loosens_codes(const Policy& before, const Policy& after) noexcept {
    return after.security_codes.backup_code_hours > before.security_codes.backup_code_hours ||
           after.kba.questions < before.kba.questions || opens(before.kba.own, after.kba.own) ||
           after.totp.past_steps > before.totp.past_steps || after.totp.future_steps > before.totp.future_steps ||
           after.email_codes.digits < before.email_codes.digits ||
           after.email_codes.life_seconds > before.email_codes.life_seconds ||
           after.email_codes.tries > before.email_codes.tries;
}

bool loosens_counting(const Policy& before, const Policy& after) noexcept {
    const auto& was = before.counting;
    const auto& is = after.counting;
    return is.pause_from_failure > was.pause_from_failure || is.pause_start_seconds < was.pause_start_seconds ||
           is.pause_cap_seconds < was.pause_cap_seconds || is.notice_at > was.notice_at ||
           is.disable_at > was.disable_at || after.recovery_hold_hours < before.recovery_hold_hours ||
           after.alternate_hold_hours < before.alternate_hold_hours;
}

}  // namespace

bool weakens(const Policy& before, const Policy& after) noexcept {
    return opens_a_way(before, after) || takes_a_login(before, after) || loosens_codes(before, after) || loosens_counting(before, after);
}

}  // namespace countersign::server
