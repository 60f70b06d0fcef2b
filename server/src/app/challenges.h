// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/challenge_ways.h"
#include "app/code_attempt.h"
#include "app/keys.h"
#include "app/meter.h"
#include "app/security_codes.h"
#include "app/service.h"
#include "app/store.h"

namespace countersign::server {

inline constexpr std::int64_t kChallengeSeconds = 10 * 60;
inline constexpr std::int64_t kReceiptSeconds = 60;

/// What the second page of a login shows (U6, U11).
struct ChallengeView {
    std::string id;
    std::string state;                      ///< `open`, `passed`, `enrollment_required`, `ended`
    std::vector<std::string_view> accepts;  ///< of `totp`, `email`, `security_code`, `kba`, `alternate_email`
    std::vector<std::string_view> alternates;  ///< of Forgot My Phone; empty: the link is not there
    ProofSet proven;
    std::optional<std::string> email{};            ///< masked, while a code of it is taken
    std::optional<std::string> alternate_email{};  ///< masked, while a code of it is taken
    std::vector<AskedQuestion> questions{};        ///< where asked for
    int code_digits = 6;                           ///< of mailed codes
    std::optional<Secret> salt{};                  ///< while a security code is taken
    std::optional<Secret> receipt{};               ///< when passed; voids any before it
    UnixSeconds expires_at;
};

struct ChallengeAnswer {
    std::string attempt_id;  ///< 16 to 64 of A-Z a-z 0-9 - _
    std::string method;      ///< as in `accepts`
    Secret code{};           ///< as typed
    std::optional<Secret> stretched{};    ///< a security code in this form instead, 32 bytes
    std::vector<GivenAnswer> answers{};   ///< of `kba`
};

/// R14's one answer, or what comes next.
struct ChallengeAnswered {
    bool ok = false;
    int retry_after_seconds = 0;
    std::optional<ChallengeView> view{};  ///< with ok
};

struct RedeemRequest {
    Secret receipt;
    std::string challenge;
    std::string user;
    std::string purpose;
};

struct Redeemed {
    bool ok = false;
    ReceiptContent content{};
    std::string context{};
};

/// The use cases of a login's second factor on the state machine of `app/challenge.h`. What a caller is shown and
/// what a code is taken for are judged anew each time, by the policy in force (R11). All that is given outlives this.
class Challenges {
  public:
    struct Workshop {
        const Keys& keys;
        Store& store;
        Meter& meter;
        SecurityCodes& codes;
        std::function<Answer<UnixSeconds>()> time_for_codes;
        std::function<void(CodeAttempt, Reply<LoginDecision>)> try_code;  ///< of an authenticator, or a security code
        MailWay* mail = nullptr;           ///< none: no code can be mailed, and no address is a way in
        QuestionWay* questions = nullptr;  ///< none: nor are questions
    };

    explicit Challenges(Workshop workshop) : with_(std::move(workshop)) {}

    /// The challenge that a session opens; checked already. Errors: `server.unavailable`.
    [[nodiscard]] Answer<ChallengeRecord> open(const AppCaller& caller, const OpenSessionRequest& request,
                                               UnixSeconds now);
    /// What a passed challenge is worth as a step-up (R2). Errors: `challenge.not_passed`, `server.unavailable`.
    [[nodiscard]] Answer<EarnedStepUp> earn(const AppCaller& caller, const std::string& user,
                                            const std::string& challenge, UnixSeconds now);

    /// With a fresh receipt when passed (R4). Errors: `auth.invalid`, `clock.unreliable`, `server.unavailable`.
    void show(const SessionCaller& caller, Reply<ChallengeView> reply);
    /// What one way of Forgot My Phone needs; changes nothing. Errors: as above, `challenge.not_allowed`.
    void forgot(const SessionCaller& caller, Alternate alternate, Reply<ChallengeView> reply);
    /// Errors: as above, `request.field_invalid`, those of the mail.
    void send_mail(const SessionCaller& caller, const std::string& method, Reply<MailOrdered> reply);
    /// A code or answers, spent with the step that they make. An attempt sent again has its first outcome (R4).
    /// Errors: as above, `admission.busy`.
    void answer(const SessionCaller& caller, ChallengeAnswer given, Reply<ChallengeAnswered> reply);
    /// Errors: `clock.unreliable`, `server.unavailable`; whatever does not fit is `ok == false`.
    void redeem(const AppCaller& caller, RedeemRequest request, Reply<Redeemed> reply);

  private:
    /// What a login is judged by.
    struct Circumstances {
        std::int64_t policy_version = 0;
        LoginCircumstances at;
        std::optional<UnixSeconds> last_recovered;
    };
    /// A challenge as it stands under the policy in force.
    struct Judged {
        FoundChallenge found;
        Circumstances by;
        UnixSeconds now;

        [[nodiscard]] const ChallengeStage& stage() const noexcept { return found.challenge.stage; }
    };

    [[nodiscard]] Answer<Circumstances> circumstances(const std::string& realm, const std::string& user,
                                                      bool first_factor, UnixSeconds now);
    /// `auth.invalid` when there is none such.
    [[nodiscard]] Answer<Judged> judge(const std::string& realm, const std::string& user, const std::string& challenge,
                                       const std::string& attempt, UnixSeconds now);
    /// The caller's own, which has not expired.
    [[nodiscard]] Answer<Judged> judge_own(const SessionCaller& caller, const std::string& attempt);
    [[nodiscard]] JudgePurpose judge_attempt(const SessionCaller& caller, std::string attempt, std::string method);
    [[nodiscard]] Answer<ChallengeView> view_of(const Judged& judged);
    void show(const SessionCaller& caller, int tries, Reply<ChallengeView> reply);
    void dispatch(const SessionCaller& caller, ChallengeAnswer given, Reply<LoginDecision> reply);
    void redeem(const AppCaller& caller, const std::shared_ptr<const RedeemRequest>& request, int tries,
                Reply<Redeemed> reply);

    Workshop with_;
};

}  // namespace countersign::server
