// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "app/service.h"
#include "http/error_map.h"
#include "http/exchange.h"

namespace countersign::server {

/// Who may call a route: `x-credential` of openapi.yaml.
enum class CredentialKind : unsigned char { None, AppKey, Session };

/// `none`, `app_key`, `session`.
[[nodiscard]] std::string_view credential_kind_name(CredentialKind kind) noexcept;

/// As the token proved it; the alternative follows the route's credential kind.
using Caller = std::variant<std::monostate, AppCaller, SessionCaller>;

/// One operation of the contract.
struct Route {
    std::string_view method;
    std::string_view path;
    CredentialKind credential;
    std::string_view purpose;  ///< of the session; empty where none is asked for
    bool consumes_code;  ///< a wrong code sent here has to count (LESSONS 7)
    bool takes_body;     ///< has to be `application/json`
    void (*handle)(Service& service, const Caller& caller, std::string body, Respond respond);
};

// What the service says, as HTTP.

[[nodiscard]] HttpResponse json_response(int status, std::string body);

template <class T>
[[nodiscard]] Reply<T> answer_with(Respond respond, int status, std::string (*encode)(const T&)) {
    return [respond = std::move(respond), status, encode](Answer<T> answer) {
        HttpResponse response = answer ? json_response(status, encode(*answer)) : problem(answer.error());
        answer = tl::unexpected(ServerError{});  // a token or a code that it holds is in the response alone
        respond(std::move(response));
    };
}

// The table in parts, one file a subject.
[[nodiscard]] std::span<const Route> admin_routes() noexcept;
[[nodiscard]] std::span<const Route> challenge_routes() noexcept;
[[nodiscard]] std::span<const Route> mail_routes() noexcept;
[[nodiscard]] std::span<const Route> question_routes() noexcept;

/// Every operation this server has; openapi.yaml is compared with it.
[[nodiscard]] std::span<const Route> route_table() noexcept;

}  // namespace countersign::server
