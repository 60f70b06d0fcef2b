// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include "app/local_service.h"
#include "app/text_rules.h"

// What a user has, told to the back end and to his own sessions.

namespace countersign::server {
namespace {

std::string_view status_name(CredentialStatus status) noexcept {
    switch (status) {
        case CredentialStatus::Pending: return "pending";
        case CredentialStatus::Active: return "active";
        case CredentialStatus::Disabled: return "disabled";
    }
    return "";
}

std::vector<MethodState> states_of(const std::vector<CredentialRecord>& credentials, UnixSeconds now) {
    std::vector<MethodState> states;
    for (const CredentialRecord& credential : credentials) {
        if (credential.status == CredentialStatus::Pending && credential.expires_at <= now) continue;
        states.push_back({std::string(kTotp), std::string(status_name(credential.status)), credential.id,
                          credential.name, credential.active_since, credential.last_used, {}});
    }
    if (states.empty()) states.push_back({std::string(kTotp), "not_configured", {}, {}, {}, {}, {}});
    return states;
}

}  // namespace

void LocalService::list_methods(const AppCaller& caller, const std::string& user,
                                Reply<std::vector<MethodState>> reply) {
    if (auto sound = check_user(user); !sound) return reply(tl::unexpected(sound.error()));
    const auto credentials = store_->find_credentials(caller.realm, user, std::string(kTotp));
    if (!credentials) return reply(tl::unexpected(credentials.error()));
    const UnixSeconds now = read_time().now;
    auto codes = security_codes_.state_of(caller.realm, user, now);
    if (!codes) return reply(tl::unexpected(std::move(codes.error())));
    auto states = states_of(*credentials, now);
    if (*codes) states.push_back(std::move(**codes));
    auto questions = questions_.state_of(caller.realm, user);
    if (!questions) return reply(tl::unexpected(std::move(questions.error())));
    if (*questions) states.push_back(std::move(**questions));
    auto addresses = mail_methods_.states_of(caller.realm, user, {}, now);
    if (!addresses) return reply(tl::unexpected(std::move(addresses.error())));
    std::ranges::move(*addresses, std::back_inserter(states));
    reply(std::move(states));
}

/// Beside what he has: what is open to him, and what this session may do.
Answer<void> LocalService::tell_circumstances(const SessionCaller& caller, UnixSeconds now, OwnMethods& own) {
    auto addresses = mail_methods_.states_of(caller.realm, caller.user, caller.session_id, now);
    if (!addresses) return tl::unexpected(std::move(addresses.error()));
    std::ranges::move(*addresses, std::back_inserter(own.methods));
    auto alternates = mail_methods_.alternates_of(caller.realm, caller.user);
    if (!alternates) return tl::unexpected(std::move(alternates.error()));
    own.alternates = *alternates;
    auto primary = mail_methods_.primary_masked(caller.realm, caller.user);
    if (!primary) return tl::unexpected(std::move(primary.error()));
    own.primary_masked = std::move(*primary);
    const auto policy = security_codes_.policy_of(caller.realm);
    if (!policy) return tl::unexpected(policy.error());
    own.require_setup = policy->policy.require_setup;
    own.allow_none = policy->policy.allow_none;

    const auto has = [&](std::string_view method, std::string_view status) {
        return std::ranges::any_of(own.methods, [&](const MethodState& m) {
            return (method.empty() || m.method == method) && m.status == status;
        });
    };
    const bool elevated = own.elevated_until.has_value();
    own.recovery = elevated && caller.recovery;
    own.step_up_required = !elevated && (has({}, "active") || has({}, "disabled"));
    if (has(kTotp, "active")) own.step_up.push_back(kTotp);
    const bool second_factor = has(kTotp, "active") || has(kTotp, "disabled") || has(kEmail, "active") || has(kEmail, "disabled");
    const bool static_codes = allows_static_codes(policy->policy) && has(kStaticCodes, "active");
    if (second_factor && (static_codes || allows_backup_codes(policy->policy))) own.step_up.push_back(kSecurityCode);
    return {};
}

void LocalService::list_own_methods(const SessionCaller& caller, Reply<OwnMethods> reply) {
    auto credentials = store_->find_credentials(caller.realm, caller.user, std::string(kTotp));
    if (!credentials) return reply(tl::unexpected(std::move(credentials.error())));
    const UnixSeconds now = read_time().now;
    const bool elevated = is_elevated(caller.elevated_until, now);
    OwnMethods own;
    if (elevated) own.elevated_until = caller.elevated_until;
    std::erase_if(*credentials, [&](const CredentialRecord& c) {
        return c.status == CredentialStatus::Pending && c.session != caller.session_id;
    });
    own.methods = states_of(*credentials, now);
    auto codes = security_codes_.state_of(caller.realm, caller.user, now);
    if (!codes) return reply(tl::unexpected(std::move(codes.error())));
    if (*codes) own.methods.push_back(std::move(**codes));
    auto questions = questions_.state_of(caller.realm, caller.user);
    if (!questions) return reply(tl::unexpected(std::move(questions.error())));
    if (*questions) own.methods.push_back(std::move(**questions));
    auto told = tell_circumstances(caller, now, own);
    if (!told) return reply(tl::unexpected(std::move(told.error())));
    reply(std::move(own));
}

Answer<Secret> LocalService::code_salt(const SessionCaller& caller) {
    return security_codes_.salt_of(caller.realm, caller.user);
}

void LocalService::replace_codes(const SessionCaller& caller, std::vector<Secret> stretched, Reply<CodeSet> reply) {
    security_codes_.replace(caller, stretched, std::move(reply));
}

}  // namespace countersign::server
