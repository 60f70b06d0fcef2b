// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/challenge_store.h"
#include "app/digest.h"
#include "app/error.h"
#include "app/login_store.h"
#include "app/policy.h"
#include "countersign/totp.h"

namespace countersign::server {

/// The method of a set of security questions.
inline constexpr std::string_view kKbaMethod = "kba";

/// A user's set, as it is kept: one row of `credential`.
struct QuestionSetRecord {
    std::string credential;
    bool active = false;  ///< or disabled
    std::string key_id{};
    std::vector<std::uint8_t> sealed;  ///< `QuestionSet`
    std::int64_t uses = 0;
    std::optional<UnixSeconds> active_since;
    std::optional<UnixSeconds> last_used;
    bool before_floor = false;  ///< set up before a restore: takes no answers any more (R17)
};

/// A new set in place of the old one.
struct QuestionSetChange {
    std::string realm;
    std::string user;
    std::string session;
    std::string credential;  ///< of the new set
    std::string key_id;
    std::vector<std::uint8_t> sealed;
    Digest digest{};
    std::int64_t questions = 0;
    UnixSeconds now;
    std::int64_t policy_version = 0;
};

/// All answers of a user at once, as one digest, for what `purpose` says.
struct AnswerAttempt {
    std::string realm;
    std::string user;         ///< whose answers they are said to be
    std::string hidden_user;  ///< his keyed hash, on which it is counted when he has no set (R14)
    std::string credential;   ///< the set that they were stretched for; empty: there was none
    Digest digest{};
    UnixSeconds now;
    std::int64_t policy_version = 0;
    AttemptPurpose purpose{};
    Policy::Counting counting{};
};

class QuestionStore {
  public:
    virtual ~QuestionStore() = default;
    [[nodiscard]] virtual Answer<std::optional<QuestionSetRecord>> find_question_set(const std::string& realm,
                                                                                     const std::string& user) = 0;
    virtual void replace_questions(QuestionSetChange change, Reply<ChangeResult> reply) = 0;
    virtual void decide_answers(AnswerAttempt attempt, Reply<LoginDecision> reply) = 0;
};

}  // namespace countersign::server
