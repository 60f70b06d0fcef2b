// SPDX-License-Identifier: Apache-2.0
#include "app/security_codes.h"

#include <algorithm>
#include <utility>

#include "app/change_refusal.h"
#include "app/code_digest.h"
#include "app/refusal.h"
#include "app/tokens.h"
#include "countersign/code_stretch.h"
#include "countersign/security_codes.h"

// Everything up to the digest happens before the transaction. A policy that changes in between is found out by
// the transaction, which holds the version it was judged by (R11); then it is judged once more.

namespace countersign::server {
namespace {

std::string hexadecimal(const Digest& digest) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

std::string_view status_name(CredentialStatus status) noexcept {
    return status == CredentialStatus::Active ? "active" : "disabled";
}

}  // namespace

SecurityCodes::SecurityCodes(Workshop workshop) : with_(std::move(workshop)) {}

Answer<PolicyInForce> SecurityCodes::policy_of(const std::string& realm) {
    const auto record = with_.store.find_policy(realm);
    if (!record) return tl::unexpected(record.error());
    return read_policy(realm, *record);
}

Answer<PolicyInForce> SecurityCodes::read_policy(const std::string& realm, const PolicyRecord& record) {
    {
        const std::lock_guard lock(last_read_mutex_);
        if (record.version == last_read_.version && record.document == last_document_) return last_read_;
    }
    auto policy = read_policy_in_force(with_.form, record);
    if (!policy) {
        with_.log.write(LogLevel::Error, "policy.unreadable", {{"realm", realm}, {"version", record.version}});
        return policy;
    }
    const std::lock_guard lock(last_read_mutex_);
    last_document_ = record.document;
    last_read_ = *policy;
    return policy;
}

Answer<Secret> SecurityCodes::salt_of(const std::string& realm, const std::string& user) const {
    auto salt = derive_code_salt(with_.keys.salt(), realm, user);
    if (!salt) return refuse(ServerErrorCode::ServerUnavailable);
    return std::move(*salt);
}

Answer<Digest> SecurityCodes::digest_of(const std::string& realm, const std::string& user,
                                        SecretView stretched) const {
    return digest_code(with_.keys, realm, user, stretched);
}

void SecurityCodes::try_code(CodeAttempt attempt, Reply<LoginDecision> reply) {
    auto ticket =
        std::make_shared<Admission::Ticket>(with_.admission.admit(attempt.realm, attempt.user, kSecurityCode));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));

    SecurityCodeAttempt asked;
    asked.realm = std::move(attempt.realm);
    asked.user = std::move(attempt.user);
    asked.hidden_user = hexadecimal(with_.keys.token_hash({"cs-unknown-1", asked.realm, asked.user}));
    asked.now = *now;
    auto answer = [this, ticket, realm = asked.realm, user = asked.hidden_user,
                   reply = std::move(reply)](Answer<LoginDecision> decision) {
        *ticket = Admission::Ticket{};  // before the answer leaves: the caller's next attempt must find the place free
        if (decision && (decision->disabled || decision->locked)) {
            with_.log.write(LogLevel::Warning, decision->disabled ? "credential.disabled" : "credential.locked",
                            {{"realm", realm}, {"user_hash", user}, {"method", kSecurityCode}});
        }
        reply(std::move(decision));
    };
    if (attempt.stretched) {
        const auto digest = digest_of(asked.realm, asked.user, attempt.stretched->bytes());
        attempt.stretched.reset();  // it signs in as the code does (R21): gone before the answer leaves
        if (!digest) return answer(tl::unexpected(digest.error()));
        asked.digest = *digest;
        return decide(std::move(asked), attempt.judge, kJudgings, std::move(answer));
    }
    auto code = read_security_code(attempt.code.text());
    if (!code) return decide(std::move(asked), attempt.judge, kJudgings, std::move(answer));  // a typing slip costs nothing (R25)
    if (!allowance_.take(asked.hidden_user, asked.now)) {
        return answer(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    }
    auto salt = salt_of(asked.realm, asked.user);
    if (!salt) return answer(tl::unexpected(salt.error()));
    attempt.code.wipe();
    auto held = std::make_shared<std::pair<Secret, Secret>>(std::move(*code), std::move(*salt));
    const bool in_line = pool_.submit([this, held = std::move(held), asked = std::move(asked), judge = attempt.judge,
                                       answer]() -> StretchPool::After {
        const auto stretched = stretch_security_code(held->first.text(), held->second.bytes());
        const auto digest = stretched ? digest_of(asked.realm, asked.user, stretched->bytes())
                                      : refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds);
        if (!digest) return [answer, error = digest.error()] { answer(tl::unexpected(error)); };
        SecurityCodeAttempt to_decide = asked;
        to_decide.digest = *digest;
        return [this, to_decide = std::move(to_decide), judge, answer] { decide(to_decide, judge, kJudgings, answer); };
    });
    if (!in_line) answer(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
}

void SecurityCodes::decide(SecurityCodeAttempt attempt, const JudgePurpose& judge, int tries,
                           Reply<LoginDecision> reply) {
    auto purpose = judge();
    if (!purpose) return reply(tl::unexpected(std::move(purpose.error())));
    attempt.purpose = std::move(*purpose);
    const auto policy = policy_of(attempt.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    attempt.policy_version = policy->version;
    attempt.counting = policy->policy.counting;
    attempt.allowed = {allows_static_codes(policy->policy), allows_backup_codes(policy->policy)};
    auto again = attempt;
    with_.store.decide_security_code(
        std::move(attempt),
        [this, judge, tries, again = std::move(again), reply = std::move(reply)](Answer<LoginDecision> decision) {
            if (!decision || !decision->judge_again) return reply(std::move(decision));
            if (tries > 1) return decide(again, judge, tries - 1, reply);
            reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
        });
}

void SecurityCodes::replace(const SessionCaller& caller, const std::vector<Secret>& stretched, Reply<CodeSet> reply) {
    const auto now = with_.time_for_codes();  // the step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    CodeSetChange change;
    change.realm = caller.realm;
    change.user = caller.user;
    change.session = caller.session_id;
    change.credential = make_random_id("crd_");
    change.key_id = with_.keys.id();
    change.now = *now;
    for (const Secret& one : stretched) {
        const auto digest = digest_of(caller.realm, caller.user, one.bytes());
        if (!digest) return reply(tl::unexpected(digest.error()));
        if (std::ranges::find(change.digests, *digest) != change.digests.end()) {
            return reply(refuse(ServerErrorCode::RequestFieldInvalid, "stretched: two are the same"));
        }
        change.digests.push_back(*digest);
    }
    change_set(std::move(change), kJudgings, std::move(reply));
}

void SecurityCodes::change_set(CodeSetChange change, int tries, Reply<CodeSet> reply) {
    const auto policy = policy_of(change.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    if (!allows_static_codes(policy->policy)) return reply(refuse(ServerErrorCode::PolicyNotAllowed));
    change.policy_version = policy->version;
    auto again = change;
    with_.store.replace_codes(
        std::move(change), [this, tries, again = std::move(again), reply = std::move(reply)](Answer<ChangeResult> result) {
            if (!result) return reply(tl::unexpected(std::move(result.error())));
            if (*result == ChangeResult::PolicyChanged && tries > 1) return change_set(again, tries - 1, reply);
            if (*result == ChangeResult::InForce) return tell_set(again, reply);
            if (*result == ChangeResult::Repeated) {
                return reply(refuse(ServerErrorCode::RequestFieldInvalid, "stretched: one is a code of this user already"));
            }
            if (*result != ChangeResult::Done) return reply(refuse(error_of(*result)));
            reply(CodeSet{again.credential, static_cast<std::int64_t>(again.digests.size())});
        });
}

void SecurityCodes::tell_set(const CodeSetChange& change, const Reply<CodeSet>& reply) {
    const auto state = state_of(change.realm, change.user, change.now);
    if (!state) return reply(tl::unexpected(state.error()));
    if (!*state || !(*state)->remaining) return reply(refuse(ServerErrorCode::ServerUnavailable));
    reply(CodeSet{(*state)->credential_id, *(*state)->remaining});
}

Answer<std::optional<MethodState>> SecurityCodes::state_of(const std::string& realm, const std::string& user,
                                                           UnixSeconds now) {
    const auto sets = with_.store.find_credentials(realm, user, std::string(kStaticCodes));
    if (!sets) return tl::unexpected(sets.error());
    MethodState state;
    state.method = kStaticCodes;
    if (sets->empty()) {
        const auto policy = policy_of(realm);
        if (!policy) return tl::unexpected(policy.error());
        if (!allows_static_codes(policy->policy)) return std::nullopt;
        state.status = "not_configured";
        return state;
    }
    const CredentialRecord& set = sets->front();
    const auto remaining = with_.store.count_codes(realm, user, set.id, now);
    if (!remaining) return tl::unexpected(remaining.error());
    state.status = status_name(set.status);
    state.credential_id = set.id;
    state.active_since = set.active_since;
    state.last_used = set.last_used;
    state.remaining = *remaining;
    return state;
}

}  // namespace countersign::server
