// SPDX-License-Identifier: Apache-2.0
#include "app/mail_methods.h"

#include <sodium.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "app/contact.h"
#include "app/email_address.h"
#include "app/mail_content.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/tokens.h"

// Codes that are mailed, and what is told of addresses.

namespace countersign::server {
namespace {

constexpr std::size_t kFewestDigits = 6;
constexpr std::size_t kMostDigits = 8;

/// Every code as likely as any other.
Secret make_digits(int count) {
    Secret code(static_cast<std::size_t>(count));
    for (std::uint8_t& digit : code.writable()) digit = static_cast<std::uint8_t>('0' + randombytes_uniform(10));
    return code;
}

/// Of any length that a policy may ask for: it may have been another one when the code was mailed.
bool is_code(std::string_view text) {
    return text.size() >= kFewestDigits && text.size() <= kMostDigits &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower_case(std::string_view address) {
    std::string lower(address);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

std::string hexadecimal(const Digest& digest) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

Digest digest_code(const Keys& keys, const MailCodeKey& key, std::string_view code) {
    return keys.token_hash({"cs-mail-code-1", key.realm, key.user, key.credential, key.bound_to, code});
}

}  // namespace

std::optional<std::string> MailMethods::open(const CredentialRecord& credential) {
    auto address = open_address(with_.keys,
                                {credential.realm, credential.user, credential.method, credential.id, credential.key_id},
                                credential.sealed);
    if (!address) with_.log.write(LogLevel::Error, "mail.address_unreadable", {{"credential", credential.id}});
    return address;
}

Answer<std::optional<std::string>> MailMethods::primary_of(const std::string& realm, const std::string& user) {
    const auto contact = with_.store.find_contact(realm, user);
    if (!contact) return tl::unexpected(contact.error());
    if (!*contact) return std::nullopt;
    auto address = open_contact(with_.keys, **contact);
    if (!address) with_.log.write(LogLevel::Error, "mail.address_unreadable", {{"realm", realm}});
    return address;
}

Answer<std::optional<CredentialRecord>> MailMethods::bound_of(const std::string& realm, const std::string& user,
                                                              std::string_view method) {
    auto credentials = with_.store.find_credentials(realm, user, std::string(method));
    if (!credentials) return tl::unexpected(std::move(credentials.error()));
    const auto found = std::ranges::find_if(
        *credentials, [](const CredentialRecord& c) { return c.status != CredentialStatus::Pending; });
    if (found == credentials->end()) return std::nullopt;
    return std::move(*found);
}

std::optional<Digest> MailMethods::digest_of(const MailCodeKey& key, const Secret& typed) const {
    const Secret code = fold_code(typed.text());
    if (!is_code(code.text())) return std::nullopt;
    return digest_code(with_.keys, key, code.text());
}

MailCodeIssue MailMethods::make_code(const CodeTarget& target, const Policy::EmailCodes& form, UnixSeconds now,
                                     UnixSeconds latest) const {
    MailCodeIssue issue;
    issue.realm = target.realm;
    issue.user = target.user;
    issue.method = target.method;
    issue.credential = target.credential;
    issue.bound_to = target.bound_to;
    issue.tries = form.tries;
    issue.now = now;
    issue.expires_at = std::min(UnixSeconds{now.value + form.life_seconds}, latest);
    issue.address_hash = with_.keys.token_hash({"cs-mail-to-1", target.realm, lower_case(target.address)});
    const Secret code = make_digits(form.digits);
    issue.digest = digest_code(with_.keys, {issue.realm, issue.user, issue.credential, issue.bound_to}, code.text());
    const std::string minutes = std::to_string(std::max<std::int64_t>(1, (issue.expires_at.value - now.value) / 60));

    OutboxRecord& mail = issue.mail;
    mail.realm = issue.realm;
    mail.user = issue.user;
    mail.id = make_random_id("mail_");
    mail.kind = mail_kind_name(MailKind::Code);
    mail.key_id = with_.keys.id();
    const Secret content = encode_mail_content(
        target.address, {{"issuer", target.issuer}, {"code", code.text()}, {"minutes", minutes}});
    mail.sealed = seal_mail(with_.keys, {mail.realm, mail.user, mail.kind, mail.id}, content.bytes());
    mail.method = issue.method;
    mail.detail = issue.credential + " " + issue.bound_to;
    mail.created_at = now;
    mail.expires_at = issue.expires_at;
    mail.next_at = now;
    return issue;
}

std::optional<std::string> MailMethods::masked(const std::string& realm, const std::string& user,
                                               std::string_view method) {
    const auto credential = bound_of(realm, user, method);
    if (!credential || !*credential) return std::nullopt;
    const auto address = open(**credential);
    if (!address) return std::nullopt;
    return mask_email_address(*address);
}

void MailMethods::order(MailOrder order, Reply<MailOrdered> reply) {
    if (!sends()) return reply(refuse(ServerErrorCode::MailNotConfigured));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto policy = with_.policy_of(order.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    const auto credential = bound_of(order.realm, order.user, order.method);
    if (!credential) return reply(tl::unexpected(credential.error()));
    const auto address = *credential ? open(**credential) : std::nullopt;
    const auto primary = primary_of(order.realm, order.user);
    if (!primary) return reply(tl::unexpected(primary.error()));
    // The back end may have named it since: an alternate that has become the primary address is a way in no more (R23).
    const bool overtaken = order.method == kAlternateEmail && *primary && address && is_same_mailbox(*address, **primary);
    if (!address || overtaken) return reply(MailOrdered{});
    MailCodeIssue issue = make_code({order.realm, order.user, order.method, (*credential)->id, order.bound_to,
                                     order.issuer, *address},
                                    policy->policy.email_codes, *now, order.expires_at);
    MailOrdered ordered;
    ordered.masked = mask_email_address(*address);
    ordered.expires_at = issue.expires_at;
    with_.store.issue_mail_code(std::move(issue), [this, ordered, reply = std::move(reply)](Answer<MailCodeIssued> issued) {
        if (!issued) return reply(tl::unexpected(std::move(issued.error())));
        if (!issued->ok) {
            MailOrdered refused;
            refused.retry_after_seconds = issued->retry_after_seconds;
            return reply(std::move(refused));
        }
        with_.wake();
        MailOrdered done = ordered;
        done.ok = true;
        done.resend_after_seconds = issued->retry_after_seconds;
        reply(std::move(done));
    });
}

void MailMethods::try_code(MailCodeAttempt attempt, Reply<LoginDecision> reply) {
    auto ticket =
        std::make_shared<Admission::Ticket>(with_.admission.admit(attempt.realm, attempt.user, attempt.method));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto credential = bound_of(attempt.realm, attempt.user, attempt.method);
    if (!credential) return reply(tl::unexpected(credential.error()));
    const auto policy = with_.policy_of(attempt.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));

    auto asked = std::make_shared<MailCodeTry>();
    asked->realm = std::move(attempt.realm);
    asked->user = std::move(attempt.user);
    asked->hidden_user = hexadecimal(with_.keys.token_hash({"cs-unknown-1", asked->realm, asked->user}));
    asked->method = std::move(attempt.method);
    asked->credential = *credential ? (*credential)->id : std::string{};
    asked->bound_to = std::move(attempt.bound_to);
    asked->now = *now;
    asked->counting = policy->policy.counting;
    asked->digest = digest_of({asked->realm, asked->user, asked->credential, asked->bound_to}, attempt.code);
    auto answer = [this, ticket, asked, reply = std::move(reply)](Answer<LoginDecision> decision) {
        *ticket = Admission::Ticket{};  // before the answer leaves: the caller's next attempt must find the place free
        if (decision && (decision->disabled || decision->locked)) {
            with_.log.write(LogLevel::Warning, decision->disabled ? "credential.disabled" : "credential.locked",
                            {{"realm", asked->realm}, {"user_hash", asked->hidden_user}, {"method", asked->method}});
        }
        reply(std::move(decision));
    };
    decide(asked, attempt.judge, kJudgings, std::move(answer));
}

void MailMethods::decide(const std::shared_ptr<MailCodeTry>& attempt, const JudgePurpose& judge, int tries,
                         Reply<LoginDecision> reply) {
    auto purpose = judge();
    if (!purpose) return reply(tl::unexpected(std::move(purpose.error())));
    MailCodeTry asked = *attempt;
    asked.purpose = std::move(*purpose);
    with_.store.decide_mail_code(
        std::move(asked), [this, attempt, judge, tries, reply = std::move(reply)](Answer<LoginDecision> decision) {
            if (!decision || !decision->judge_again) return reply(std::move(decision));
            if (tries > 1) return decide(attempt, judge, tries - 1, reply);
            reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
        });
}

MethodState MailMethods::state_of(const CredentialRecord& credential, UnixSeconds now) {
    MethodState state;
    state.method = credential.method;
    switch (credential.status) {
        case CredentialStatus::Pending: state.status = "pending"; break;
        case CredentialStatus::Active: state.status = "active"; break;
        default: state.status = "disabled"; break;
    }
    state.credential_id = credential.id;
    state.active_since = credential.active_since;
    state.last_used = credential.last_used;
    if (const auto address = open(credential)) state.masked = mask_email_address(*address);
    if (credential.usable_from > now) state.usable_from = credential.usable_from;
    return state;
}

Answer<std::vector<MethodState>> MailMethods::states_of(const std::string& realm, const std::string& user,
                                                        const std::string& session, UnixSeconds now) {
    const auto policy = with_.policy_of(realm);
    if (!policy) return tl::unexpected(policy.error());
    const AlternateSet alternates = offered_alternates(policy->policy);
    const bool mailed = alternates.has(Alternate::KbaEmail) || alternates.has(Alternate::Email);
    std::vector<MethodState> states;
    for (const std::string_view method : {kEmail, kAlternateEmail}) {
        const auto credentials = with_.store.find_credentials(realm, user, std::string(method));
        if (!credentials) return tl::unexpected(credentials.error());
        const std::size_t before = states.size();
        for (const CredentialRecord& credential : *credentials) {
            const bool over = credential.expires_at <= now || credential.session != session;
            if (credential.status == CredentialStatus::Pending && over) continue;
            states.push_back(state_of(credential, now));
        }
        const bool offered = sends() && (method == kEmail ? policy->policy.login_methods.email : mailed);
        if (states.size() == before && offered) {
            MethodState state;
            state.method = method;
            state.status = "not_configured";
            states.push_back(std::move(state));
        }
    }
    return states;
}

Answer<std::string> MailMethods::primary_masked(const std::string& realm, const std::string& user) {
    const auto primary = primary_of(realm, user);
    if (!primary) return tl::unexpected(primary.error());
    return *primary ? mask_email_address(**primary) : std::string{};
}

}  // namespace countersign::server
