// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <array>
#include <utility>
#include <vector>

#include "http/code_codec.h"
#include "http/error_map.h"
#include "http/json_codec.h"

namespace countersign::server {
namespace {

void get_health(Service&, const Caller&, std::string, Respond respond) {
    respond(json_response(200, R"({"status":"ok"})"));
}

void get_readiness(Service& service, const Caller&, std::string, Respond respond) {
    respond(json_response(service.readiness().ready ? 200 : 503, ""));
}

void post_session(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_open_session(body);
    if (!request) {
        return respond(problem(request.error()));
    }
    service.open_session(std::get<AppCaller>(caller), std::move(*request),
                         answer_with(std::move(respond), 201, encode_session));
}

void post_user_methods(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto user = decode_user(body);
    if (!user) {
        return respond(problem(user.error()));
    }
    service.list_methods(std::get<AppCaller>(caller), *user, answer_with(std::move(respond), 200, encode_methods));
}

void post_verify(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_verify(body);
    if (!request) {
        return respond(problem(request.error()));
    }
    service.verify(std::get<AppCaller>(caller), std::move(*request),
                   answer_with(std::move(respond), 200, encode_verify));
}

void get_own_methods(Service& service, const Caller& caller, std::string, Respond respond) {
    service.list_own_methods(std::get<SessionCaller>(caller),
                             answer_with(std::move(respond), 200, encode_own_methods));
}

void post_elevate(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_elevate(body);
    if (!request) {
        return respond(problem(request.error()));
    }
    service.elevate(std::get<SessionCaller>(caller), std::move(*request),
                    answer_with(std::move(respond), 200, encode_elevate));
}

void post_totp_begin(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_begin(body);
    if (!request) {
        return respond(problem(request.error()));
    }
    service.begin_totp(std::get<SessionCaller>(caller), std::move(*request),
                       answer_with(std::move(respond), 200, encode_pending));
}

void post_totp_confirm(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_confirm(body);
    if (!request) {
        return respond(problem(request.error()));
    }
    service.confirm_totp(std::get<SessionCaller>(caller), std::move(*request),
                         answer_with(std::move(respond), 200, encode_confirm));
}

void post_totp_remove(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto credential = decode_remove(body);
    if (!credential) {
        return respond(problem(credential.error()));
    }
    service.remove_totp(std::get<SessionCaller>(caller), std::move(*credential),
                        [respond = std::move(respond)](Answer<void> removed) {
                            respond(removed ? json_response(200, R"({"ok":true})") : problem(removed.error()));
                        });
}

void get_code_salt(Service& service, const Caller& caller, std::string, Respond respond) {
    const auto salt = service.code_salt(std::get<SessionCaller>(caller));
    respond(salt ? json_response(200, encode_salt(*salt)) : problem(salt.error()));
}

void post_codes_replace(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto stretched = decode_code_set(body);
    if (!stretched) {
        return respond(problem(stretched.error()));
    }
    service.replace_codes(std::get<SessionCaller>(caller), std::move(*stretched),
                          answer_with(std::move(respond), 200, encode_code_set));
}

constexpr auto kNone = CredentialKind::None;
constexpr auto kAppKey = CredentialKind::AppKey;
constexpr auto kSession = CredentialKind::Session;

constexpr std::string_view kAny;
constexpr std::string_view kManage = "manage";

// method, path, credential, purpose of the session, consumes a code, takes a body, handler
constexpr std::array<Route, 12> kRoutes{{
    {"GET", "/healthz", kNone, kAny, false, false, get_health},
    {"GET", "/readyz", kNone, kAny, false, false, get_readiness},
    {"POST", "/v1/sessions", kAppKey, kAny, false, true, post_session},
    {"POST", "/v1/users/methods", kAppKey, kAny, false, true, post_user_methods},
    {"POST", "/v1/verify", kAppKey, kAny, true, true, post_verify},
    {"POST", "/v1/w/codes/replace", kSession, kManage, false, true, post_codes_replace},
    {"GET", "/v1/w/codes/salt", kSession, kManage, false, false, get_code_salt},
    {"POST", "/v1/w/elevate", kSession, kManage, true, true, post_elevate},
    {"GET", "/v1/w/methods", kSession, kManage, false, false, get_own_methods},
    {"POST", "/v1/w/totp/begin", kSession, kManage, false, true, post_totp_begin},
    {"POST", "/v1/w/totp/confirm", kSession, kManage, true, true, post_totp_confirm},
    {"POST", "/v1/w/totp/remove", kSession, kManage, false, true, post_totp_remove},
}};

}  // namespace

HttpResponse json_response(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

std::string_view credential_kind_name(CredentialKind kind) noexcept {
    switch (kind) {
        case CredentialKind::AppKey: return "app_key";
        case CredentialKind::Session: return "session";
        case CredentialKind::None: break;
    }
    return "none";
}

std::span<const Route> route_table() noexcept {
    static const std::vector<Route> kAll = [] {
        std::vector<Route> all;
        for (const std::span<const Route> part : {std::span<const Route>(kRoutes), challenge_routes(), mail_routes(),
                                                 question_routes(), admin_routes()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return kAll;
}

}  // namespace countersign::server
