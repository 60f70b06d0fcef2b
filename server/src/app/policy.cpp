// SPDX-License-Identifier: Apache-2.0
#include "app/policy.h"

#include <algorithm>

namespace countersign::server {
namespace {

constexpr std::array<std::string_view, kAlternateCount> kAlternateNames{"kba", "kba_email", "email"};
constexpr std::array<std::string_view, 3> kCodeKindNames{"static", "backup", "both"};

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

struct Range {
    int value;
    int least;
    int most;
    std::string_view field;
    std::string_view sentence;
};

std::optional<PolicyFault> first_out_of_range(std::initializer_list<Range> ranges) noexcept {
    for (const Range& range : ranges) {
        if (range.value < range.least || range.value > range.most)
            return PolicyFault{"policy.out_of_range", range.field, range.sentence};
    }
    return std::nullopt;
}

std::optional<PolicyFault> find_range_fault(const Policy& policy) noexcept {
    const auto& counting = policy.counting;
    return first_out_of_range({
        {policy.security_codes.backup_code_hours, 1, 168, "security_codes.backup_code_hours",
         "A backup code lives 1 to 168 hours."},
        {policy.kba.questions, 1, 10, "kba.questions", "Ask 1 to 10 security questions."},
        {policy.totp.past_steps, 0, 1, "totp.past_steps", "Accept 0 or 1 step before the present one."},
        {policy.totp.future_steps, 0, 1, "totp.future_steps", "Accept 0 or 1 step after the present one."},
        {policy.email_codes.digits, 6, 8, "email_codes.digits", "A code by email has 6 to 8 digits."},
        {policy.email_codes.life_seconds, 60, 600, "email_codes.life_seconds", "A code by email lives 60 to 600 seconds."},
        {policy.email_codes.tries, 1, 5, "email_codes.tries", "A code by email may be tried 1 to 5 times."},
        {counting.pause_from_failure, 1, 10, "counting.pause_from_failure", "The first pause comes after 1 to 10 failures."},
        {counting.pause_start_seconds, 30, 3600, "counting.pause_start_seconds", "The first pause lasts 30 to 3600 seconds."},
        {counting.pause_cap_seconds, 30, 86400, "counting.pause_cap_seconds", "No pause is longer than a day, 86400 seconds."},
        {counting.notice_at, 10, 99, "counting.notice_at", "The owner is told at 10 to 99 failures within 30 days."},
        {counting.disable_at, 20, 100, "counting.disable_at", "A method is disabled at 20 to 100 failures within 30 days."},
        {policy.recovery_hold_hours, 0, 168, "recovery_hold_hours", "Hold changes back for 0 to 168 hours after a recovery."},
        {policy.alternate_hold_hours, 0, 168, "alternate_hold_hours", "Hold a changed address back for 0 to 168 hours."},
    });
}

SecurityCodeKinds kinds_of(const Policy& policy) noexcept {
    if (!policy.security_codes.enabled) return SecurityCodeKinds::None;
    switch (policy.security_codes.kind) {
        case CodeKind::Static: return SecurityCodeKinds::Static;
        case CodeKind::Backup: return SecurityCodeKinds::Backup;
        case CodeKind::Both: break;
    }
    return SecurityCodeKinds::Both;
}

}  // namespace

std::string_view alternate_name(Alternate alternate) noexcept {
    return kAlternateNames[static_cast<std::size_t>(alternate)];
}

std::optional<Alternate> parse_alternate(std::string_view name) noexcept {
    return parse_name<Alternate>(kAlternateNames, name);
}

std::string_view code_kind_name(CodeKind kind) noexcept { return kCodeKindNames[static_cast<std::size_t>(kind)]; }

std::optional<CodeKind> parse_code_kind(std::string_view name) noexcept {
    return parse_name<CodeKind>(kCodeKindNames, name);
}

std::optional<PolicyFault> find_fault(const Policy& policy) noexcept {
    if (!policy.login_methods.totp && !policy.login_methods.email)
        return PolicyFault{"policy.no_login_method", "login_methods", "Allow at least one method as the second factor at login."};
    if (policy.allow_none && policy.require_setup)
        return PolicyFault{"policy.none_but_required", "require_setup",
                           "Either users may be without a second factor or they have to set one up, not both."};
    const auto& forgot_phone = policy.forgot_phone;
    if (forgot_phone.user_choice && !forgot_phone.offered.has(forgot_phone.alternate))
        return PolicyFault{"policy.selected_not_offered", "forgot_phone.offered",
                           "Tick the selected alternate, too: it is what users have until they choose."};
    if (!policy.kba.catalog && !policy.kba.own)
        return PolicyFault{"policy.no_questions", "kba", "Allow questions of the list, the users' own, or both."};
    if (auto fault = find_range_fault(policy)) return fault;
    const auto& counting = policy.counting;
    if (counting.pause_cap_seconds < counting.pause_start_seconds)
        return PolicyFault{"policy.pause_cap_too_low", "counting.pause_cap_seconds",
                           "The longest pause cannot be shorter than the first."};
    if (counting.disable_at <= counting.notice_at)
        return PolicyFault{"policy.disabled_before_notice", "counting.notice_at",
                           "Tell the owner before the failure that disables the method."};
    return std::nullopt;
}

AlternateSet effective_alternates(const Policy& policy, AlternateSet picked) noexcept {
    const auto& forgot_phone = policy.forgot_phone;
    if (!forgot_phone.enabled) return {};
    if (!forgot_phone.user_choice || picked.empty()) return {forgot_phone.alternate};
    return forgot_phone.offered & picked;
}

AlternateSet offered_alternates(const Policy& policy) noexcept {
    const auto& forgot_phone = policy.forgot_phone;
    if (!forgot_phone.enabled) return {};
    return forgot_phone.user_choice ? forgot_phone.offered : AlternateSet{forgot_phone.alternate};
}

bool asks_questions(const Policy& policy) noexcept {
    const AlternateSet offered = offered_alternates(policy);
    return offered.has(Alternate::Kba) || offered.has(Alternate::KbaEmail);
}

bool allows_static_codes(const Policy& policy) noexcept {
    return policy.security_codes.enabled && policy.security_codes.kind != CodeKind::Backup;
}

bool allows_backup_codes(const Policy& policy) noexcept {
    return policy.security_codes.enabled && policy.security_codes.kind != CodeKind::Static;
}

SecondFactorPolicy second_factor_policy(const Policy& policy) noexcept {
    const auto& forgot_phone = policy.forgot_phone;
    const AlternateSet open = forgot_phone.user_choice ? forgot_phone.offered : AlternateSet{forgot_phone.alternate};
    SecondFactorPolicy out;
    out.login_totp = policy.login_methods.totp;
    out.login_email = policy.login_methods.email;
    out.allow_none = policy.allow_none;
    out.forgot_phone = forgot_phone.enabled;
    out.alternate_kba = open.has(Alternate::Kba);
    out.alternate_kba_email = open.has(Alternate::KbaEmail);
    out.alternate_email = open.has(Alternate::Email);
    out.users_choose = forgot_phone.user_choice;
    out.security_codes = kinds_of(policy);
    out.totp_past_steps = policy.totp.past_steps;
    out.totp_future_steps = policy.totp.future_steps;
    out.email_digits = policy.email_codes.digits;
    out.email_life_seconds = policy.email_codes.life_seconds;
    out.email_tries = policy.email_codes.tries;
    out.kba_questions = policy.kba.questions;
    out.pause_from_failure = policy.counting.pause_from_failure;
    out.pause_start_seconds = policy.counting.pause_start_seconds;
    out.pause_cap_seconds = policy.counting.pause_cap_seconds;
    out.window_cap = policy.counting.disable_at;
    return out;
}

}  // namespace countersign::server
