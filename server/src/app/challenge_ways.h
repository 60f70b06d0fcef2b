// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/error.h"
#include "app/login_store.h"
#include "countersign/secret.h"

// What a challenge asks of mailed codes and of security questions: how they are tried, and what is shown of them.

namespace countersign::server {

/// One mailed code, of method `email` or `alternate_email`.
struct MailCodeAttempt {
    std::string realm;
    std::string user;
    std::string method;
    std::string bound_to;  ///< the challenge it was mailed for
    Secret code;           ///< as typed; folded there
    JudgePurpose judge;    ///< called before each transaction
};

struct MailOrder {
    std::string realm;
    std::string user;
    std::string method;
    std::string bound_to;
    std::string issuer;     ///< the site's name, for the text
    UnixSeconds expires_at; ///< of the challenge: no code outlives it
};

/// Told of a mail that was put on its way, or that has to wait.
struct MailOrdered {
    bool ok = false;
    int retry_after_seconds = 0;  ///< with ok == false
    std::string masked;
    UnixSeconds expires_at;
    int resend_after_seconds = 0;
};

class MailWay {
  public:
    virtual ~MailWay() = default;
    /// Errors: those of `judge`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    virtual void try_code(MailCodeAttempt attempt, Reply<LoginDecision> reply) = 0;
    /// The caller has seen that a mail may go out now. Errors: as above.
    virtual void order(MailOrder order, Reply<MailOrdered> reply) = 0;
    /// `a***@example.org`; nothing when there is no such address.
    [[nodiscard]] virtual std::optional<std::string> masked(const std::string& realm, const std::string& user,
                                                            std::string_view method) = 0;
};

struct GivenAnswer {
    std::string id;
    Secret answer;
};

struct AskedQuestion {
    std::string id;
    std::string text;
};

struct QuestionAttempt {
    std::string realm;
    std::string user;
    std::vector<GivenAnswer> answers;
    JudgePurpose judge;  ///< called before each transaction
};

class QuestionWay {
  public:
    virtual ~QuestionWay() = default;
    /// Errors: those of `judge`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    virtual void try_answers(QuestionAttempt attempt, Reply<LoginDecision> reply) = 0;
    /// In their standing order. Errors: `server.unavailable`.
    [[nodiscard]] virtual Answer<std::vector<AskedQuestion>> questions_of(const std::string& realm,
                                                                          const std::string& user) = 0;
};

}  // namespace countersign::server
