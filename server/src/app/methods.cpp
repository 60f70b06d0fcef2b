// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
    reply(std::move(states));
}

void LocalService::list_own_methods(const SessionCaller& caller, Reply<OwnMethods> reply) {
    auto credentials = store_->find_credentials(caller.realm, caller.user, std::string(kTotp));
    if (!credentials) return reply(tl::unexpected(std::move(credentials.error())));
    const UnixSeconds now = read_time().now;
    const bool elevated = is_elevated(caller.elevated_until, now);
    OwnMethods own;
    if (elevated) own.elevated_until = caller.elevated_until;
    own.step_up_required = !elevated && std::ranges::any_of(*credentials, [](const CredentialRecord& c) {
        return c.status != CredentialStatus::Pending;
    });
    std::erase_if(*credentials, [&](const CredentialRecord& c) {
        return c.status == CredentialStatus::Pending && c.session != caller.session_id;
    });
    own.methods = states_of(*credentials, now);
    auto codes = security_codes_.state_of(caller.realm, caller.user, now);
    if (!codes) return reply(tl::unexpected(std::move(codes.error())));
    if (*codes) own.methods.push_back(std::move(**codes));
    reply(std::move(own));
}

Answer<Secret> LocalService::code_salt(const SessionCaller& caller) {
    return security_codes_.salt_of(caller.realm, caller.user);
}

void LocalService::replace_codes(const SessionCaller& caller, std::vector<Secret> stretched, Reply<CodeSet> reply) {
    security_codes_.replace(caller, stretched, std::move(reply));
}

}  // namespace countersign::server
