// SPDX-License-Identifier: Apache-2.0
// The requirements, in the order in which they are told.
#include "standards_tables.h"

#include <array>

namespace countersign {
namespace {

using enum Compliance;
using enum PolicySwitch;
using Facts = PolicyFacts;

// --- OWASP ASVS 5.0, V6 ---------------------------------------------------------------------------

Judgment guessing_is_limited(const Facts&) {
    return {Met, "Failures pause and at last disable a method; no switch turns that off."};
}

Judgment second_factor_is_asked(const Facts& it) {
    if (it.policy.allow_none) return {NotMet, "Users may be without a second factor."};
    return {Met, "Nobody gets past a challenge without a second factor."};
}

Judgment hardware_is_asked(const Facts&) {
    return {NotMet, "There is no hardware-backed factor that resists phishing; codes can be phished."};
}

Judgment paths_are_alike(const Facts& it) {
    if (it.kba) return {NotMet, "Security questions get around the authenticator app and are far weaker."};
    if (it.policy.forgot_phone) return {NotMet, "A mailed code gets around the authenticator app and is weaker."};
    if (it.policy.login_totp && it.policy.login_email)
        return {NotMet, "A mailed code stands beside the authenticator app at login and is weaker.", LoginMethods};
    return {Met, "Every way in takes a factor that is held, and counts failures alike."};
}

Judgment email_is_not_a_factor(const Facts& it) {
    if (it.policy.login_email) return {NotMet, "A code by email is a second factor at login."};
    if (it.email)
        return {NotMet, "A code by email stands in for the second factor when the phone is forgotten.", ForgotPhone};
    return {Met, "No mailed code counts as a factor."};
}

Judgment users_cannot_be_told(const Facts&) {
    return {Met, "Unknown user, wrong code, used code and locked account are answered alike, in the same time."};
}

Judgment no_questions(const Facts& it) {
    if (it.kba) return {NotMet, "Security questions are on."};
    return {Met, "Security questions are off."};
}

Judgment loss_is_proofed(const Facts& it) {
    if (it.policy.forgot_phone)
        return {NotMet, "Forgot Phone lets an alternate stand for identity proofing."};
    if (it.backup_codes)
        return {NotApplicable,
                "It depends on how your administrators make sure of a person before they hand out a backup code.",
                SecurityCodes};
    return {Met, "A lost factor is replaced by another factor of the user's only, or by your own process."};
}

Judgment codes_work_once(const Facts&) {
    return {Met, "Every code is used up by its first success, in the statement that accepts it."};
}

Judgment stored_codes_have_random_salt(const Facts& it) {
    if (!it.codes) return {NotApplicable, "Security codes are off."};
    return {NotMet,
            "The codes (75 bits) are stored under Argon2id, but the salt of 128 bits is derived from a secret key, "
            "realm and user, not drawn at random. It is of one user and not to be foretold; by the letter it differs."};
}

Judgment randomness_is_secure(const Facts&) {
    return {Met, "Seeds and codes come from the operating system's generator."};
}

Judgment codes_have_20_bits(const Facts& it) {
    if (!it.codes && !it.email) return {NotApplicable, "Neither security codes nor mailed codes are on."};
    return {Met, "A security code has 75 bits, a mailed code at least six random digits."};
}

Judgment lives_are_short(const Facts& it) {
    if (it.email && it.policy.email_life_seconds > 600)
        return {NotMet, "A mailed code lives longer than 10 minutes.", EmailCodes};
    if (!it.policy.login_totp) return {Met, "A mailed code lives at most 10 minutes.", EmailCodes};
    if (it.policy.totp_period_seconds > 30) return {NotMet, "A code of the app lives longer than 30 seconds."};
    if (it.policy.totp_past_steps > 0 || it.policy.totp_future_steps > 0)
        return {NotMet,
                "Steps before or after the present one are accepted, so a code of the app is good for longer than "
                "30 seconds; a window of 0,0 meets this and asks for good clocks."};
    return {Met, "A code of the app is good in its own step only, at most 30 seconds."};
}

Judgment factors_can_be_revoked(const Facts&) {
    return {Met, "Each authenticator, code set and address can be removed or replaced, at once."};
}

Judgment no_biometrics(const Facts&) { return {NotApplicable, "There are no biometric factors."}; }

Judgment time_is_the_servers(const Facts& it) {
    if (!it.policy.login_totp) return {NotApplicable, "The authenticator app is off."};
    return {Met, "The server's clock decides; a client's never does."};
}

Judgment no_phone_network(const Facts&) { return {NotApplicable, "No code goes by telephone or SMS."}; }

Judgment mail_is_bound(const Facts& it) {
    if (!it.email) return {NotApplicable, "No mailed code counts."};
    return {Met, "A mailed code is good for the request that sent it, and for no other."};
}

Judgment mail_is_limited(const Facts& it) {
    if (!it.email) return {NotApplicable, "No mailed code counts."};
    return {Met, "Tries at one code, mails, and failures at the address are limited; a new code clears no count."};
}

Judgment no_push(const Facts&) { return {NotApplicable, "There are no push notifications."}; }

// --- NIST SP 800-63B-4 ----------------------------------------------------------------------------

Judgment two_factors(const Facts& it) {
    if (it.policy.allow_none) return {NotMet, "Users may sign in with the password alone.", AllowNone};
    if (it.email)
        return {NotMet, "A mailed code is not among the authenticators that go with a password.",
                it.policy.login_email ? LoginMethods : ForgotPhone};
    if (it.kba) return {NotMet, "Answers are a second thing known, not a thing held."};
    return {Met, "A password and something held: an authenticator app or a security code."};
}

Judgment phishing_resistance_is_offered(const Facts&) {
    return {NotMet, "Nothing offered resists phishing; passkeys are not part of this toolkit."};
}

Judgment kba_is_no_secret(const Facts& it) {
    if (it.kba) return {NotMet, "Users are asked for answers to security questions."};
    return {Met, "Security questions are off."};
}

Judgment look_up_secrets_are_made_well(const Facts& it) {
    if (!it.codes) return {NotApplicable, "Security codes are off."};
    return {Met, "15 random symbols of 32 each, from the operating system's generator."};
}

Judgment look_up_secrets_are_kept_well(const Facts& it) {
    if (!it.codes) return {NotApplicable, "Security codes are off."};
    return {Met, "Used once, under Argon2id with a salt of 128 bits of their user's, failures counted."};
}

Judgment email_is_not_out_of_band(const Facts& it) {
    if (it.policy.login_email) return {NotMet, "A code by email is a second factor at login."};
    if (it.email)
        return {NotMet, "A mailed code lets a user in when the phone is forgotten; as an authenticator it is barred.",
                ForgotPhone};
    return {Met, "No mailed code counts as a factor."};
}

Judgment out_of_band_codes_are_sound(const Facts& it) {
    if (!it.email) return {NotApplicable, "No mailed code counts."};
    if (it.policy.email_life_seconds > 600) return {NotMet, "A mailed code lives longer than 10 minutes."};
    return {Met, "At most 10 minutes, once, six random digits or more; a new code clears no count of failures."};
}

Judgment otp_is_sound(const Facts& it) {
    if (!it.policy.login_totp) return {NotApplicable, "The authenticator app is off."};
    if (it.policy.totp_period_seconds > 120)
        return {NotMet, "A code of the app changes less often than every 2 minutes."};
    return {Met, "Seeds of 128 bits or more, six digits or more, a step of at most 2 minutes."};
}

Judgment otp_is_checked_well(const Facts& it) {
    if (!it.policy.login_totp) return {NotApplicable, "The authenticator app is off."};
    return {Met, "A code is accepted once, within the steps the policy names, and failures are counted."};
}

Judgment failures_in_a_row_end(const Facts&) {
    return {Met, "The 100th failure in a row disables a method, over whatever time; no switch turns that off."};
}

Judgment saved_codes_are_sound(const Facts& it) {
    if (!it.static_codes) return {NotApplicable, "Static security codes are off."};
    return {Met, "75 bits, hashed, counted, used up once; the set holds further codes and can be renewed."};
}

Judgment issued_codes_are_sound(const Facts& it) {
    if (!it.alternate_email) return {NotApplicable, "No recovery code is mailed."};
    return {Met, "Six random digits or more, good for at most an hour of the 24 allowed, failures counted."};
}

Judgment recovery_takes_two(const Facts& it) {
    if (it.kba_alone) return {NotMet, "Answers alone are no recovery code."};
    if (it.alternate_email || it.static_codes)
        return {Met, "A recovery code counts only after the site's own login, which is the other authenticator."};
    if (it.backup_codes)
        return {NotApplicable, "A backup code is a method of your own, which NIST asks you to document (4.2.1).",
                SecurityCodes};
    return {NotApplicable, "The policy offers no recovery."};
}

constexpr auto kAsvs = Standard::Asvs5;
constexpr auto kNist = Standard::Sp80063b4;

constexpr std::array<Requirement, 33> kRequirements{{
    {kAsvs, "6.3.1", 1, None, "Guessing and stuffing of credentials is held back.", guessing_is_limited},
    {kAsvs, "6.3.3", 2, AllowNone, "Access takes a second factor.", second_factor_is_asked},
    {kAsvs, "6.3.3", 3, None, "One factor is hardware-backed and resists phishing.", hardware_is_asked},
    {kAsvs, "6.3.4", 2, ForgotPhone, "All ways in are equally strong.", paths_are_alike},
    {kAsvs, "6.3.6", 3, LoginMethods, "Email is not used as a factor.", email_is_not_a_factor},
    {kAsvs, "6.3.8", 3, None, "A refusal does not tell whether a user exists.", users_cannot_be_told},
    {kAsvs, "6.4.2", 1, ForgotPhone, "There are no security questions.", no_questions},
    {kAsvs, "6.4.4", 2, ForgotPhone, "A lost factor is replaced after proofing as strict as at enrollment.",
     loss_is_proofed},
    {kAsvs, "6.5.1", 2, None, "Codes are good for one success.", codes_work_once},
    {kAsvs, "6.5.2", 2, SecurityCodes,
     "Stored codes below 112 bits are hashed as passwords are, with a random salt of 32 bits.",
     stored_codes_have_random_salt},
    {kAsvs, "6.5.3", 2, None, "Codes and seeds come from a secure random generator.", randomness_is_secure},
    {kAsvs, "6.5.4", 2, SecurityCodes, "Codes that are looked up or sent have 20 bits or more.", codes_have_20_bits},
    {kAsvs, "6.5.5", 2, TotpCodes, "A sent code lives 10 minutes at most, one of an app 30 seconds.", lives_are_short},
    {kAsvs, "6.5.6", 3, None, "Every factor can be revoked.", factors_can_be_revoked},
    {kAsvs, "6.5.7", 3, None, "Biometrics are a second factor only.", no_biometrics},
    {kAsvs, "6.5.8", 3, LoginMethods, "Codes of an app are checked by a trusted clock.", time_is_the_servers},
    {kAsvs, "6.6.1", 2, None, "Codes by telephone or SMS have stronger methods beside them.", no_phone_network},
    {kAsvs, "6.6.2", 2, LoginMethods, "A sent code is bound to its own request.", mail_is_bound},
    {kAsvs, "6.6.3", 2, EmailCodes, "Guessing at sent codes is limited.", mail_is_limited},
    {kAsvs, "6.6.4", 3, None, "Push notifications are limited.", no_push},
    {kNist, "2.2.1", 0, ForgotPhone, "AAL2 takes two separate factors, one of them something held.", two_factors},
    {kNist, "2.2.2", 0, None, "AAL2 offers a factor that resists phishing.", phishing_resistance_is_offered},
    {kNist, "3.1.1.2", 0, ForgotPhone, "Users are not asked security questions.", kba_is_no_secret},
    {kNist, "3.1.2.1", 0, SecurityCodes, "Look-up secrets are random and have six digits or more.",
     look_up_secrets_are_made_well},
    {kNist, "3.1.2.2", 0, SecurityCodes,
     "Look-up secrets work once, are hashed with a salt as passwords are, and guessing is limited.",
     look_up_secrets_are_kept_well},
    {kNist, "3.1.3.1", 0, LoginMethods, "Email is not an out-of-band channel.", email_is_not_out_of_band},
    {kNist, "3.1.3.2", 0, EmailCodes,
     "Sent codes live 10 minutes at most, work once, have six digits; a new one clears no count.",
     out_of_band_codes_are_sound},
    {kNist, "3.1.4.1", 0, TotpCodes, "Keys of one-time codes have 112 bits; a code changes every 2 minutes or sooner.",
     otp_is_sound},
    {kNist, "3.1.4.2", 0, TotpCodes, "One-time codes work once, within a defined life, and guessing is limited.",
     otp_is_checked_well},
    {kNist, "3.2.2", 0, None, "At most 100 failures in a row, then the authenticator is disabled.",
     failures_in_a_row_end},
    {kNist, "4.2.1.1", 0, SecurityCodes, "Saved recovery codes have 64 bits, are hashed, and work once.",
     saved_codes_are_sound},
    {kNist, "4.2.1.2", 0, ForgotPhone, "Mailed recovery codes have six digits and live 24 hours at most.",
     issued_codes_are_sound},
    {kNist, "4.2.2.2", 0, ForgotPhone, "Recovery at AAL2 takes two recovery codes, or one and an authenticator.",
     recovery_takes_two},
}};

}  // namespace

std::span<const Requirement> all_requirements() noexcept { return kRequirements; }

}  // namespace countersign
