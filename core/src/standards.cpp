// SPDX-License-Identifier: Apache-2.0
#include "countersign/standards.h"

#include <array>
#include <cstddef>

#include "standards_tables.h"

namespace countersign {
namespace {

PolicyFacts facts_of(const SecondFactorPolicy& policy) noexcept {
    const bool forgot = policy.forgot_phone;
    const bool mailed = forgot && (policy.alternate_email || policy.alternate_kba_email);
    const SecurityCodeKinds kinds = policy.security_codes;
    return {policy,
            forgot && (policy.alternate_kba || policy.alternate_kba_email),
            forgot && policy.alternate_kba,
            mailed,
            mailed || policy.login_email,
            kinds != SecurityCodeKinds::None,
            kinds == SecurityCodeKinds::Static || kinds == SecurityCodeKinds::Both,
            kinds == SecurityCodeKinds::Backup || kinds == SecurityCodeKinds::Both};
}

}  // namespace

std::string_view standard_name(Standard standard) noexcept {
    return standard == Standard::Asvs5 ? "asvs-5.0" : "sp-800-63b-4";
}

std::string_view compliance_name(Compliance verdict) noexcept {
    switch (verdict) {
        case Compliance::Met: return "met";
        case Compliance::NotMet: return "not_met";
        case Compliance::NotApplicable: break;
    }
    return "not_applicable";
}

std::string_view policy_switch_name(PolicySwitch it) noexcept {
    constexpr std::array<std::string_view, kPolicySwitchCount> kNames{
        "none", "login_methods", "allow_none", "forgot_phone", "security_codes", "totp_codes", "email_codes"};
    return kNames[static_cast<std::size_t>(it)];
}

Result<std::vector<Finding>> judge_policy(const SecondFactorPolicy& policy) {
    if (const auto checked = check_policy(policy); !checked) return fail(checked.error().code);
    const PolicyFacts facts = facts_of(policy);
    std::vector<Finding> findings;
    findings.reserve(all_requirements().size());
    for (const Requirement& it : all_requirements()) {
        const Judgment judgment = it.judge(facts);
        const bool own = judgment.decided_by == PolicySwitch::None;
        findings.push_back({it.standard, it.id, it.level, it.statement, judgment.verdict,
                            own ? it.decided_by : judgment.decided_by, judgment.reason});
    }
    return findings;
}

}  // namespace countersign
