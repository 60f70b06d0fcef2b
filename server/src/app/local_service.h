// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/administrators.h"
#include "app/admission.h"
#include "app/audit_sealer.h"
#include "app/challenges.h"
#include "app/code_attempt.h"
#include "app/guard_keeper.h"
#include "app/keys.h"
#include "app/questions.h"
#include "app/mail_methods.h"
#include "app/outbox.h"
#include "app/security_codes.h"
#include "app/service.h"
#include "app/store.h"
#include "app/timekeeper.h"

namespace countersign::server {

inline constexpr std::string_view kTotp = "totp";
inline constexpr std::string_view kManagePurpose = "manage";
inline constexpr std::string_view kChallengePurpose = "challenge";
inline constexpr std::string_view kAdminPurpose = "admin";
inline constexpr std::int64_t kSessionSeconds = 15 * 60;
inline constexpr std::int64_t kAdminSessionSeconds = 10 * 60;
inline constexpr std::int64_t kPendingSeconds = 10 * 60;
inline constexpr std::size_t kSeedBytes = 20;
/// Of advice in an enrollment: how far off a clock is looked for (R14a).
inline constexpr std::int64_t kClockAdviceSeconds = 10 * 60;

/// The use cases, on one store. Split by subject: sessions.cpp, verification.cpp,
/// enrollment.cpp, methods.cpp; what security codes are for stands in security_codes.h.
class LocalService final : public Service {
  public:
    LocalService(Keys keys, std::unique_ptr<Store> store, const StoreState& state,
                 std::shared_ptr<const Clock> clock, std::shared_ptr<Log> log, std::shared_ptr<Meter> meter,
                 PolicyForm form, const MailService& mail = {}, std::unique_ptr<GuardKeeper> guard = {});
    ~LocalService() override;

    [[nodiscard]] Answer<AppCaller> authenticate_app(std::string_view token) override;
    [[nodiscard]] Answer<SessionCaller> authenticate_session(std::string_view token) override;
    [[nodiscard]] Answer<bool> allows_origin(const SessionCaller& caller, const std::string& origin) override;
    [[nodiscard]] Answer<bool> knows_origin(const std::string& origin) override;
    void open_session(const AppCaller& caller, OpenSessionRequest request, Reply<OpenedSession> reply) override;
    void verify(const AppCaller& caller, VerifyRequest request, Reply<VerifyAnswer> reply) override;
    void list_methods(const AppCaller& caller, const std::string& user,
                      Reply<std::vector<MethodState>> reply) override;
    void list_own_methods(const SessionCaller& caller, Reply<OwnMethods> reply) override;
    void elevate(const SessionCaller& caller, ElevateRequest request, Reply<ElevateAnswer> reply) override;
    void begin_totp(const SessionCaller& caller, BeginTotpRequest request, Reply<PendingTotp> reply) override;
    void confirm_totp(const SessionCaller& caller, ConfirmTotpRequest request,
                      Reply<ConfirmAnswer> reply) override;
    void remove_totp(const SessionCaller& caller, std::string credential, Reply<void> reply) override;
    [[nodiscard]] Answer<Secret> code_salt(const SessionCaller& caller) override;
    void replace_codes(const SessionCaller& caller, std::vector<Secret> stretched, Reply<CodeSet> reply) override;
    [[nodiscard]] Challenges& challenges() noexcept override { return challenges_; }
    [[nodiscard]] MailMethods& mail() noexcept override { return mail_methods_; }
    [[nodiscard]] Questions& questions() noexcept override { return questions_; }
    [[nodiscard]] Administrators& administrators() noexcept override { return administrators_; }
    [[nodiscard]] Readiness readiness() override;
    [[nodiscard]] ServiceDetails details() override;
    void stop() override;

  private:
    /// A seed that belongs to nobody, so that an unknown user costs what a known one does (R14).
    struct Decoy {
        std::string credential;
        std::vector<std::uint8_t> sealed;
    };

    [[nodiscard]] Answer<SessionRecord> make_session(const AppCaller& caller, const OpenSessionRequest& request);
    void open_session(const AppCaller& caller, const std::shared_ptr<const OpenSessionRequest>& request, int tries,
                      Reply<OpenedSession> reply);
    /// The time to check a code with, or `clock.unreliable`; asks the store whether an operator has spoken.
    [[nodiscard]] Answer<UnixSeconds> time_for_codes();
    [[nodiscard]] Timekeeper::Reading read_time();
    /// Hashes the code against what the user has; runs on the caller's thread.
    [[nodiscard]] Answer<LoginAttempt> examine(const CodeAttempt& typed, UnixSeconds now);
    [[nodiscard]] Answer<LoginAttempt> examine_unknown(LoginAttempt attempt, std::string_view code,
                                                       const Policy::Totp& window);
    [[nodiscard]] std::optional<Secret> open_credential(const CredentialRecord& credential);
    /// The one way of a code to the deciding statement: admission, clock, hash, log (R9b, R14, R16).
    void try_code(CodeAttempt typed, Reply<LoginDecision> reply);
    void try_totp(CodeAttempt typed, Reply<LoginDecision> reply);
    void judge_removal(RemoveRequest request, int tries, Reply<void> reply);
    void decide_totp(std::shared_ptr<const CodeAttempt> typed, UnixSeconds now, int tries, Reply<LoginDecision> reply);
    [[nodiscard]] JudgePurpose judge_step_up(const SessionCaller& caller);
    [[nodiscard]] Answer<void> tell_circumstances(const SessionCaller& caller, UnixSeconds now, OwnMethods& own);
    /// A fresh seed, sealed for the disk and for the widget.
    [[nodiscard]] Answer<CredentialRecord> make_pending(const SessionCaller& caller, const BeginTotpRequest& request,
                                                        SecretView public_key, UnixSeconds now);

    Keys keys_;
    std::unique_ptr<Store> store_;
    Timekeeper time_;
    UnixSeconds floor_;  ///< nothing from before it is accepted (R17); only a restore moves it, without a server
    std::shared_ptr<Log> log_;
    std::shared_ptr<Meter> meter_;
    Admission admission_;
    Decoy decoy_;
    SecurityCodes security_codes_;
    Questions questions_;
    MailMethods mail_methods_;
    Challenges challenges_;
    Administrators administrators_;
    std::atomic<Timekeeper::Trust> last_trust_{Timekeeper::Trust::Reliable};
    std::atomic<bool> stopped_{false};
    std::unique_ptr<GuardKeeper> guard_;  // none: the store is opened by a test
    std::unique_ptr<Outbox> outbox_;       // none: no mail is sent
    std::unique_ptr<AuditSealer> sealer_;  // last in, first out: its thread uses all of the above
};

}  // namespace countersign::server
