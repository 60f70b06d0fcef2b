// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/admission.h"
#include "app/challenge_ways.h"
#include "app/keys.h"
#include "app/log.h"
#include "app/policies.h"
#include "app/service.h"
#include "app/store.h"

namespace countersign::server {

/// A code on its way to an address that is being set up, or why none is.
struct AddressOrdered {
    bool ok = false;
    int retry_after_seconds = 0;  ///< until the next mail may go there
    std::string pending_id;       ///< without ok: of the set-up that stands, whose last code is still good; may be empty
    std::string masked;
    UnixSeconds expires_at;       ///< of the code, with ok
    int code_digits = 6;
};

enum class AddressReason : unsigned char { None, Wrong, Expired, Wait };

/// The person's own set-up, so the reason is told (R14a).
struct AddressAnswer {
    bool ok = false;
    AddressReason reason = AddressReason::None;
    int retry_after_seconds = 0;
    std::string credential_id;  ///< with ok
};

/// The use cases of everything that is an address (U4, U8, U10, U11, R23): setting one up, codes that are mailed, and
/// the end of methods that are no authenticator. All that is given outlives this.
class MailMethods final : public MailWay {
  public:
    struct Workshop {
        const Keys& keys;
        Store& store;
        Admission& admission;
        Log& log;
        std::function<Answer<PolicyInForce>(const std::string& realm)> policy_of;
        std::function<Answer<UnixSeconds>()> time_for_codes;
        std::function<void()> wake;  ///< who sends; none: this server sends no mail
    };

    explicit MailMethods(Workshop workshop) : with_(std::move(workshop)) {}
    [[nodiscard]] bool sends() const noexcept { return static_cast<bool>(with_.wake); }

    void try_code(MailCodeAttempt attempt, Reply<LoginDecision> reply) override;
    void order(MailOrder order, Reply<MailOrdered> reply) override;
    [[nodiscard]] std::optional<std::string> masked(const std::string& realm, const std::string& user,
                                                    std::string_view method) override;

    /// Begins to set up the primary address, or sends its code again.
    /// Errors: `mail.not_configured`, `policy.not_allowed`, `email.no_address`, those of a change.
    void begin_email(const SessionCaller& caller, Reply<AddressOrdered> reply);
    /// The same of an alternate. Errors: besides, `email.address_invalid`, `email.same_as_primary`, `method.none`.
    void begin_alternate(const SessionCaller& caller, const std::string& address, Reply<AddressOrdered> reply);
    /// @param method  `email` or `alternate_email`
    /// Errors: `enrollment.pending_unknown`, `auth.invalid`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    void confirm(const SessionCaller& caller, std::string_view method, const std::string& pending_id, Secret code,
                 Reply<AddressAnswer> reply);
    /// Errors: `policy.not_allowed` where users do not choose or one is not ticked, `request.field_invalid`, those of a
    /// change.
    void choose(const SessionCaller& caller, const std::vector<std::string>& alternates, Reply<void> reply);
    /// Of any method but an authenticator. Errors: `method.unknown`, `method.last`, those of a change.
    void remove(const SessionCaller& caller, const std::string& credential, Reply<void> reply);

    /// The addresses of a user; `not_configured` where the policy offers one that is not set up.
    /// @param session  whose pending one is shown; empty: none
    [[nodiscard]] Answer<std::vector<MethodState>> states_of(const std::string& realm, const std::string& user,
                                                             const std::string& session, UnixSeconds now);
    /// Nothing while Forgot Phone is off.
    [[nodiscard]] Answer<std::optional<OwnAlternates>> alternates_of(const std::string& realm, const std::string& user);
    /// The primary address, masked; empty when the back end has named none.
    [[nodiscard]] Answer<std::string> primary_masked(const std::string& realm, const std::string& user);

  private:
    /// An address that is to be a user's.
    struct Candidate {
        SessionCaller caller;
        std::string method;
        std::string address;
    };

    /// A code that came back from one.
    struct Confirmation {
        AddressConfirm asked;
        std::string issuer;
    };

    void begin(const std::shared_ptr<const Candidate>& candidate, int tries, Reply<AddressOrdered> reply);
    [[nodiscard]] Answer<AddressBegin> make_begin(const Candidate& candidate, const PolicyInForce& policy,
                                                  UnixSeconds now);
    void decide(const std::shared_ptr<const Confirmation>& confirmation, int tries, Reply<AddressConfirmed> reply);
    /// Under the policy in force, with the mail to the address that it replaces.
    [[nodiscard]] Answer<AddressConfirm> complete(const Confirmation& confirmation);
    void decide(const std::shared_ptr<MailCodeTry>& attempt, const JudgePurpose& judge, int tries,
                Reply<LoginDecision> reply);
    /// Judges and submits, again where the policy has changed in between (R11).
    using Submit = std::function<Answer<void>(const PolicyInForce& policy, Reply<ChangeResult> reply)>;
    void change(const std::string& realm, const Submit& submit, int tries, Reply<void> reply);

    /// The primary address as the back end has named it last.
    [[nodiscard]] Answer<std::optional<std::string>> primary_of(const std::string& realm, const std::string& user);
    /// The address of a method that is active or disabled.
    [[nodiscard]] Answer<std::optional<CredentialRecord>> bound_of(const std::string& realm, const std::string& user,
                                                                   std::string_view method);
    [[nodiscard]] std::optional<std::string> open(const CredentialRecord& credential);
    [[nodiscard]] MethodState state_of(const CredentialRecord& credential, UnixSeconds now);
    /// Nothing for what has not a code's form (R14b).
    [[nodiscard]] std::optional<Digest> digest_of(const MailCodeKey& key, const Secret& typed) const;
    struct CodeTarget {
        const std::string& realm;
        const std::string& user;
        const std::string& method;
        const std::string& credential;
        const std::string& bound_to;
        const std::string& issuer;
        std::string_view address;
    };
    /// A fresh code and its mail; no code outlives `latest`.
    [[nodiscard]] MailCodeIssue make_code(const CodeTarget& target, const Policy::EmailCodes& form, UnixSeconds now,
                                          UnixSeconds latest) const;

    Workshop with_;
};

}  // namespace countersign::server
