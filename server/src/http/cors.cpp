// SPDX-License-Identifier: Apache-2.0
#include "http/cors.h"

#include <algorithm>

#include "app/origin.h"
#include "app/refusal.h"
#include "http/error_map.h"
#include "http/routes.h"

namespace countersign::server {
namespace {

/// How long a browser may keep the answer: a revoked key's origins are refused by the call itself, at once.
constexpr const char* kKeptSeconds = "600";

bool takes_session(const HttpRequest& request) {
    const auto routes = route_table();
    return std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
        return route.credential == CredentialKind::Session && route.path == request.path &&
               route.method == request.requested_method;
    });
}

bool knows(Service& service, const HttpRequest& request) {
    return !request.origin_repeated && service.knows_origin(request.origin).value_or(false);
}

}  // namespace

OriginKind origin_kind(const HttpRequest& request) noexcept {
    if (request.origin.empty() && !request.origin_repeated) return OriginKind::Own;
    return !request.origin_repeated && is_origin_of_host(request.origin, request.host) ? OriginKind::Own : OriginKind::Foreign;
}

std::optional<HttpResponse> answer_preflight(Service& service, const HttpRequest& request) {
    if (request.method != "OPTIONS" || request.origin.empty() || !takes_session(request)) return std::nullopt;
    if (!knows(service, request)) {
        HttpResponse refused = problem(ServerError{.code = ServerErrorCode::AuthOriginNotAllowed, .detail = {}});
        refused.headers.emplace_back("Vary", "Origin");
        return refused;
    }
    HttpResponse response;
    expose_to(request.origin, response);
    response.headers.emplace_back("Access-Control-Allow-Methods", request.requested_method);
    response.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.headers.emplace_back("Access-Control-Max-Age", kKeptSeconds);
    return response;
}

void expose_to(const std::string& origin, HttpResponse& response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", "Date, Retry-After, X-Request-Id");
    response.headers.emplace_back("Vary", "Origin");
}

Answer<void> check_origin(Service& service, const SessionCaller& caller, const HttpRequest& request) {
    if (request.origin_repeated) return refuse(ServerErrorCode::AuthOriginNotAllowed);
    const auto allowed = service.allows_origin(caller, request.origin);
    if (!allowed) return tl::unexpected(allowed.error());
    if (!*allowed) return refuse(ServerErrorCode::AuthOriginNotAllowed);
    return {};
}

bool may_read_refusal(Service& service, const HttpRequest& request) { return knows(service, request); }

}  // namespace countersign::server
