// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "app/service.h"
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
    bool consumes_code;  ///< a wrong code sent here has to count (LESSONS 7)
    bool takes_body;     ///< has to be `application/json`
    void (*handle)(Service& service, const Caller& caller, std::string body, Respond respond);
};

/// Every operation this server has; openapi.yaml is compared with it.
[[nodiscard]] std::span<const Route> route_table() noexcept;

}  // namespace countersign::server
