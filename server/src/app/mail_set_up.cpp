// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "app/change_refusal.h"
#include "app/email_address.h"
#include "app/mail_content.h"
#include "app/mail_methods.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"
#include "app/tokens.h"

// What a person changes of his own addresses: begin, confirm, choose, remove.

namespace countersign::server {
namespace {

constexpr std::int64_t kSetUpSeconds = 10 * 60;

bool is_offered(const Policy& policy, std::string_view method) {
    if (method == kEmail) return policy.login_methods.email;
    const AlternateSet alternates = offered_alternates(policy);
    return alternates.has(Alternate::KbaEmail) || alternates.has(Alternate::Email);
}

std::string write_alternates(AlternateSet picked) {
    std::string names;
    for (const Alternate alternate : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email}) {
        if (picked.has(alternate)) names.append(names.empty() ? "" : ",").append(alternate_name(alternate));
    }
    return names;
}

/// A name that nobody knows any more opens nothing.
AlternateSet read_alternates(std::string_view names) {
    AlternateSet picked;
    while (!names.empty()) {
        const std::size_t comma = std::min(names.find(','), names.size());
        if (const auto alternate = parse_alternate(names.substr(0, comma))) picked.add(*alternate);
        names.remove_prefix(std::min(names.size(), comma + 1));
    }
    return picked;
}

AddressReason reason_of(AddressConfirmResult result) {
    switch (result) {
        case AddressConfirmResult::Expired: return AddressReason::Expired;
        case AddressConfirmResult::Wait: return AddressReason::Wait;
        default: return AddressReason::Wrong;
    }
}

}  // namespace

void MailMethods::begin_email(const SessionCaller& caller, Reply<AddressOrdered> reply) {
    if (!sends()) return reply(refuse(ServerErrorCode::MailNotConfigured));
    auto primary = primary_of(caller.realm, caller.user);
    if (!primary) return reply(tl::unexpected(std::move(primary.error())));
    if (!*primary) return reply(refuse(ServerErrorCode::EmailNoAddress));
    begin(std::make_shared<const Candidate>(Candidate{caller, std::string(kEmail), std::move(**primary)}), kJudgings,
          std::move(reply));
}

void MailMethods::begin_alternate(const SessionCaller& caller, const std::string& address,
                                  Reply<AddressOrdered> reply) {
    if (!sends()) return reply(refuse(ServerErrorCode::MailNotConfigured));
    if (!is_email_address(address)) return reply(refuse(ServerErrorCode::EmailAddressInvalid));
    const auto primary = primary_of(caller.realm, caller.user);
    if (!primary) return reply(tl::unexpected(primary.error()));
    if (!*primary) return reply(refuse(ServerErrorCode::EmailNoAddress));  // nobody could be told of it
    const auto factor = bound_of(caller.realm, caller.user, kEmail);
    if (!factor) return reply(tl::unexpected(factor.error()));
    const auto confirmed = *factor ? open(**factor) : std::nullopt;
    if (is_same_mailbox(address, **primary) || (confirmed && is_same_mailbox(address, *confirmed))) {
        return reply(refuse(ServerErrorCode::EmailSameAsPrimary));
    }
    begin(std::make_shared<const Candidate>(Candidate{caller, std::string(kAlternateEmail), address}), kJudgings,
          std::move(reply));
}

Answer<AddressBegin> MailMethods::make_begin(const Candidate& candidate, const PolicyInForce& policy,
                                             UnixSeconds now) {
    const SessionCaller& caller = candidate.caller;
    if (!is_offered(policy.policy, candidate.method)) return refuse(ServerErrorCode::PolicyNotAllowed);
    const auto credentials = with_.store.find_credentials(caller.realm, caller.user, candidate.method);
    if (!credentials) return tl::unexpected(credentials.error());
    AddressBegin begin;
    begin.realm = caller.realm;
    begin.user = caller.user;
    begin.session = caller.session_id;
    begin.key_id = with_.keys.id();
    begin.policy_version = policy.version;
    begin.expires_at = UnixSeconds{now.value + kSetUpSeconds};
    std::string credential = make_random_id("crd_");
    for (const CredentialRecord& c : *credentials) {
        const bool pending = c.status == CredentialStatus::Pending;
        if (!pending) begin.replaces = c.id;
        if (!pending || c.session != caller.session_id || c.expires_at <= now) continue;
        if (open(c) != candidate.address) continue;
        credential = c.id;
        begin.expires_at = c.expires_at;
    }
    begin.sealed =
        seal_address(with_.keys, {caller.realm, caller.user, candidate.method, credential}, candidate.address);
    begin.code = make_code({caller.realm, caller.user, candidate.method, credential, caller.session_id, caller.issuer,
                            candidate.address},
                           policy.policy.email_codes, now, begin.expires_at);
    return begin;
}

void MailMethods::begin(const std::shared_ptr<const Candidate>& candidate, int tries, Reply<AddressOrdered> reply) {
    const auto now = with_.time_for_codes();  // the step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    const auto policy = with_.policy_of(candidate->caller.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    auto asked = make_begin(*candidate, *policy, *now);
    if (!asked) return reply(tl::unexpected(std::move(asked.error())));
    AddressOrdered ordered;
    ordered.pending_id = asked->code.credential;
    ordered.masked = mask_email_address(candidate->address);
    ordered.expires_at = asked->code.expires_at;
    ordered.code_digits = policy->policy.email_codes.digits;
    with_.store.begin_address(
        std::move(*asked), [this, candidate, tries, ordered, reply = std::move(reply)](Answer<AddressBegun> begun) {
            if (!begun) return reply(tl::unexpected(std::move(begun.error())));
            if (begun->result == ChangeResult::PolicyChanged && tries > 1) return begin(candidate, tries - 1, reply);
            if (begun->result != ChangeResult::Done) return reply(refuse(error_of(begun->result)));
            AddressOrdered answer = ordered;
            answer.ok = begun->mail.ok;
            answer.retry_after_seconds = begun->mail.retry_after_seconds;
            if (!answer.ok && !begun->stood) answer.pending_id.clear();
            if (answer.ok) with_.wake();
            reply(std::move(answer));
        });
}

void MailMethods::confirm(const SessionCaller& caller, std::string_view method, const std::string& pending_id,
                          Secret code, Reply<AddressAnswer> reply) {
    if (!is_credential_id(pending_id)) return reply(refuse(ServerErrorCode::EnrollmentPendingUnknown));
    auto ticket = std::make_shared<Admission::Ticket>(with_.admission.admit(caller.realm, caller.user, method));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    auto confirmation = std::make_shared<Confirmation>();
    confirmation->issuer = caller.issuer;
    AddressConfirm& asked = confirmation->asked;
    asked.realm = caller.realm;
    asked.user = caller.user;
    asked.method = method;
    asked.credential = pending_id;
    asked.session = caller.session_id;
    asked.digest = digest_of({asked.realm, asked.user, asked.credential, asked.session}, code);
    decide(std::shared_ptr<const Confirmation>(confirmation), kJudgings,
           [ticket, pending_id, reply = std::move(reply)](Answer<AddressConfirmed> confirmed) {
               *ticket = Admission::Ticket{};
               if (!confirmed) return reply(tl::unexpected(std::move(confirmed.error())));
               AddressAnswer answer;
               answer.retry_after_seconds = confirmed->retry_after_seconds;
               switch (confirmed->result) {
                   case AddressConfirmResult::SessionGone: return reply(refuse(ServerErrorCode::AuthInvalid));
                   case AddressConfirmResult::Gone: return reply(refuse(ServerErrorCode::EnrollmentPendingUnknown));
                   case AddressConfirmResult::Done:
                       answer.ok = true;
                       answer.credential_id = pending_id;
                       return reply(std::move(answer));
                   default: break;
               }
               answer.reason = reason_of(confirmed->result);
               reply(std::move(answer));
           });
}

Answer<AddressConfirm> MailMethods::complete(const Confirmation& confirmation) {
    AddressConfirm asked = confirmation.asked;
    const auto now = with_.time_for_codes();
    if (!now) return tl::unexpected(now.error());
    const auto policy = with_.policy_of(asked.realm);
    if (!policy) return tl::unexpected(policy.error());
    if (!is_offered(policy->policy, asked.method)) return refuse(ServerErrorCode::PolicyNotAllowed);
    const bool alternate = asked.method == kAlternateEmail;
    const std::int64_t hold = alternate ? policy->policy.alternate_hold_hours * std::int64_t{3600} : 0;
    asked.now = *now;
    asked.usable_from = UnixSeconds{alternate ? now->value + hold : 0};
    asked.policy_version = policy->version;
    asked.counting = policy->policy.counting;
    const auto old = bound_of(asked.realm, asked.user, asked.method);
    if (!old) return tl::unexpected(old.error());
    if (!*old) return asked;
    asked.replaces = (*old)->id;
    const auto address = open(**old);
    if (!address) return asked;
    OutboxRecord mail;
    mail.realm = asked.realm;
    mail.user = asked.user;
    mail.id = make_random_id("mail_");
    mail.kind = mail_kind_name(alternate ? MailKind::AddressChanged : MailKind::MethodRemoved);
    mail.key_id = with_.keys.id();
    const Secret content = encode_mail_content(*address, {{"issuer", confirmation.issuer}});
    mail.sealed = seal_mail(with_.keys, {mail.realm, mail.user, mail.kind, mail.id}, content.bytes());
    mail.method = asked.method;
    if (alternate) mail.detail = "usable_from=" + std::to_string(asked.usable_from.value);
    mail.created_at = *now;
    mail.next_at = *now;
    asked.to_the_old = std::move(mail);
    return asked;
}

void MailMethods::decide(const std::shared_ptr<const Confirmation>& confirmation, int tries,
                         Reply<AddressConfirmed> reply) {
    auto asked = complete(*confirmation);
    if (!asked) return reply(tl::unexpected(std::move(asked.error())));
    with_.store.confirm_address(
        std::move(*asked), [this, confirmation, tries, reply = std::move(reply)](Answer<AddressConfirmed> confirmed) {
            if (!confirmed || confirmed->result != AddressConfirmResult::PolicyChanged) return reply(std::move(confirmed));
            if (tries > 1) return decide(confirmation, tries - 1, reply);
            reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
        });
}

void MailMethods::change(const std::string& realm, const Submit& submit, int tries, Reply<void> reply) {
    const auto policy = with_.policy_of(realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    auto submitted = submit(*policy, [this, realm, submit, tries, reply](Answer<ChangeResult> result) {
        if (!result) return reply(tl::unexpected(std::move(result.error())));
        if (*result == ChangeResult::PolicyChanged && tries > 1) return change(realm, submit, tries - 1, reply);
        if (*result != ChangeResult::Done) return reply(refuse(error_of(*result)));
        reply({});
    });
    if (!submitted) reply(tl::unexpected(std::move(submitted.error())));
}

void MailMethods::choose(const SessionCaller& caller, const std::vector<std::string>& alternates, Reply<void> reply) {
    AlternateSet picked;
    for (const std::string& name : alternates) {
        const auto alternate = parse_alternate(name);
        if (!alternate) return reply(refuse(ServerErrorCode::RequestFieldInvalid, "alternates: kba, kba_email, email"));
        picked.add(*alternate);
    }
    if (picked.empty()) return reply(refuse(ServerErrorCode::RequestFieldInvalid, "alternates: at least one"));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    AlternateChoice choice{caller.realm, caller.user, caller.session_id, write_alternates(picked), *now, 0};
    change(caller.realm, [this, picked, choice](const PolicyInForce& policy, Reply<ChangeResult> done) -> Answer<void> {
        const bool ticked = (offered_alternates(policy.policy) & picked) == picked;
        if (!policy.policy.forgot_phone.user_choice || !ticked) return refuse(ServerErrorCode::PolicyNotAllowed);
        AlternateChoice asked = choice;
        asked.policy_version = policy.version;
        with_.store.choose_alternates(std::move(asked), std::move(done));
        return {};
    }, kJudgings, std::move(reply));
}

void MailMethods::remove(const SessionCaller& caller, const std::string& credential, Reply<void> reply) {
    if (!is_credential_id(credential)) return reply(refuse(ServerErrorCode::MethodUnknown));
    const auto now = with_.time_for_codes();  // the step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    const MethodRemoval removal{caller.realm, caller.user, credential, caller.session_id, *now, 0, {}};
    change(caller.realm, [this, removal](const PolicyInForce& policy, Reply<ChangeResult> done) -> Answer<void> {
        MethodRemoval asked = removal;
        asked.policy_version = policy.version;
        asked.rules = {policy.policy.login_methods, policy.policy.allow_none};
        with_.store.remove_method(std::move(asked), std::move(done));
        return {};
    }, kJudgings, std::move(reply));
}

Answer<std::optional<OwnAlternates>> MailMethods::alternates_of(const std::string& realm, const std::string& user) {
    const auto policy = with_.policy_of(realm);
    if (!policy) return tl::unexpected(policy.error());
    const auto picked = with_.store.find_alternate_choice(realm, user);
    if (!picked) return tl::unexpected(picked.error());
    if (!policy->policy.forgot_phone.enabled) return std::nullopt;
    return OwnAlternates{offered_alternates(policy->policy),
                         effective_alternates(policy->policy, read_alternates(*picked)),
                         policy->policy.forgot_phone.user_choice};
}

}  // namespace countersign::server
