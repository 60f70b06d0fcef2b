// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/challenges.h"
#include "app/error.h"

namespace countersign::server {

// The wire's words of challenges and receipts. Bodies in: each wipes its body. Errors: those of `read_json_fields`.

[[nodiscard]] Answer<Alternate> decode_forgot(std::string& body);
/// The method.
[[nodiscard]] Answer<std::string> decode_mail(std::string& body);
[[nodiscard]] Answer<ChallengeAnswer> decode_challenge_answer(std::string& body);
[[nodiscard]] Answer<RedeemRequest> decode_redeem(std::string& body);

[[nodiscard]] std::string encode_challenge(const ChallengeView& view);
[[nodiscard]] std::string encode_challenge_answered(const ChallengeAnswered& answered);
[[nodiscard]] std::string encode_mail_ordered(const MailOrdered& ordered);
[[nodiscard]] std::string encode_redeemed(const Redeemed& redeemed);

}  // namespace countersign::server
