// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "countersign/second_factor_policy.h"

// What two standards say of a policy, as data: OWASP ASVS 5.0 (chapter V6) and NIST SP 800-63B-4. Only what a
// switch decides, or what this toolkit always does or never has, is judged: a verdict, not a certificate.
// Passwords, sessions, transport and the site's own pages are the site's.
//
// What was compared with what: ASVS with the chapter file `0x15-V6-Authentication.md` of release 5.0 in OWASP's
// own repository; NIST, sections 2.2, 3.1 and 4.2, with a transcript of the final text of July 2025, not with
// NIST's own document; section 3.2.2 only with quotations of it in other public repositories. The statements
// are in our own words; where they and the standard differ, the standard is right.

namespace countersign {

enum class Standard : unsigned char { Asvs5, Sp80063b4 };
enum class Compliance : unsigned char { Met, NotMet, NotApplicable };

/// What to turn to change a verdict; `None` where no switch does.
enum class PolicySwitch : unsigned char {
    None,           ///< `none`: always so
    LoginMethods,   ///< `login_methods`: `login_totp`, `login_email`
    AllowNone,      ///< `allow_none`
    ForgotPhone,    ///< `forgot_phone`: with the alternates offered
    SecurityCodes,  ///< `security_codes`
    TotpCodes,      ///< `totp_codes`: digits, period and steps
    EmailCodes,     ///< `email_codes`: digits, life, tries and sends
};
inline constexpr int kPolicySwitchCount = 7;

/// One requirement and what becomes of it under a policy. All texts have static storage.
struct Finding {
    Standard standard;
    std::string_view id;         ///< `6.4.2`, or the section `3.2.2`
    int level;                   ///< ASVS: 1 to 3; NIST: 0
    std::string_view statement;  ///< what is asked for
    Compliance verdict;
    PolicySwitch decided_by;
    std::string_view reason;     ///< one sentence or two
};

/// `asvs-5.0`, `sp-800-63b-4`.
[[nodiscard]] std::string_view standard_name(Standard standard) noexcept;
/// `met`, `not_met`, `not_applicable`.
[[nodiscard]] std::string_view compliance_name(Compliance verdict) noexcept;
/// As the enumeration says.
[[nodiscard]] std::string_view policy_switch_name(PolicySwitch it) noexcept;

/// Judges a policy. Every requirement is in the answer, always in the same order: ASVS first, then by number.
///
/// ```cpp
/// countersign::SecondFactorPolicy policy;
/// policy.forgot_phone = policy.alternate_kba = true;
/// const auto findings = countersign::judge_policy(policy);
/// if (!findings) return 1;
/// for (const countersign::Finding& it : *findings)
///     if (it.verdict == countersign::Compliance::NotMet)
///         std::printf("%s\n", std::string(it.id).c_str());  // 6.4.2 and others
/// ```
///
/// Errors: those of `check_policy`.
[[nodiscard]] Result<std::vector<Finding>> judge_policy(const SecondFactorPolicy& policy);

}  // namespace countersign
