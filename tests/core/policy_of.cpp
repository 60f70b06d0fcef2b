// SPDX-License-Identifier: Apache-2.0
#include "policy_of.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <sstream>

using namespace countersign;

SecondFactorPolicy policy_of(const VectorCase& vector) {
    SecondFactorPolicy policy;
    const auto whole = [&](const char* key, int& field) { field = static_cast<int>(vector.number(key, field)); };
    // "totp email" and the like: the words that stand there are on, all others off.
    const auto says = [&](const char* key, const std::string& otherwise, const std::string& word) {
        std::istringstream words(vector.text(key, otherwise));
        for (std::string given; words >> given;)
            if (given == word) return true;
        return false;
    };
    policy.login_totp = says("Login", "totp", "totp");
    policy.login_email = says("Login", "totp", "email");
    policy.allow_none = vector.text("AllowNone", "no") == "yes";
    policy.forgot_phone = vector.has("ForgotPhone");
    policy.alternate_kba = says("ForgotPhone", "", "kba");
    policy.alternate_kba_email = says("ForgotPhone", "", "kba_email");
    policy.alternate_email = says("ForgotPhone", "", "email");
    policy.users_choose = vector.text("UsersChoose", "no") == "yes";
    const std::string codes = vector.text("SecurityCodes", "none");
    policy.security_codes = codes == "static"   ? SecurityCodeKinds::Static
                            : codes == "backup" ? SecurityCodeKinds::Backup
                            : codes == "both"   ? SecurityCodeKinds::Both
                                                : SecurityCodeKinds::None;
    whole("TotpDigits", policy.totp_digits);
    whole("TotpPeriod", policy.totp_period_seconds);
    whole("TotpPast", policy.totp_past_steps);
    whole("TotpFuture", policy.totp_future_steps);
    whole("EmailDigits", policy.email_digits);
    whole("EmailLife", policy.email_life_seconds);
    whole("EmailTries", policy.email_tries);
    whole("EmailGap", policy.email_gap_seconds);
    whole("EmailPerHour", policy.email_sends_per_hour);
    whole("EmailPerDay", policy.email_sends_per_day);
    whole("KbaQuestions", policy.kba_questions);
    whole("PauseFrom", policy.pause_from_failure);
    whole("PauseStart", policy.pause_start_seconds);
    whole("PauseCap", policy.pause_cap_seconds);
    whole("WindowCap", policy.window_cap);
    return policy;
}

std::string chance_text(double chance) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.5e", chance);
    std::string spelled(text.data());
    const std::size_t digits = spelled.find('e') + 2;  // past the sign
    const std::size_t first = spelled.find_first_not_of('0', digits);
    return spelled.substr(0, digits) + (first == std::string::npos ? "0" : spelled.substr(first));
}
