// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "countersign/secret.h"
#include "http/error_map.h"

namespace countersign::server {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// `application/json`, alone or with `charset=utf-8`: a body in another encoding would be read differently.
bool is_json(std::string_view content_type) noexcept {
    const auto semicolon = content_type.find(';');
    if (!equals_ignoring_case(trimmed(content_type.substr(0, semicolon)), "application/json")) {
        return false;
    }
    if (semicolon == std::string_view::npos) {
        return true;
    }
    const auto parameter = trimmed(content_type.substr(semicolon + 1));
    return parameter.empty() || equals_ignoring_case(parameter, "charset=utf-8");
}

// The token of `Bearer TOKEN`; empty for another scheme, which is as good as no token.
std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view kScheme = "Bearer ";
    if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
        return {};
    }
    return trimmed(authorization.substr(kScheme.size()));
}

Answer<Caller> prove_caller(Service& service, CredentialKind kind, const HttpRequest& request) {
    if (kind == CredentialKind::None) {
        return Caller{};
    }
    if (request.authorization_repeated) {
        return tl::unexpected(ServerError{.code = ServerErrorCode::AuthInvalid, .detail = {}});
    }
    const auto token = bearer_token(request.authorization);
    if (kind == CredentialKind::AppKey) {
        return service.authenticate_app(token).map([](AppCaller caller) { return Caller{std::move(caller)}; });
    }
    return service.authenticate_session(token).map([](SessionCaller caller) { return Caller{std::move(caller)}; });
}

HttpResponse method_not_allowed(std::string_view path) {
    std::string allowed;
    for (const Route& route : route_table()) {
        if (route.path == path) {
            allowed.append(allowed.empty() ? "" : ", ").append(route.method);
            allowed.append(route.method == "GET" ? ", HEAD" : "");
        }
    }
    HttpResponse response = problem(ServerError{.code = ServerErrorCode::MethodNotAllowed, .detail = {}});
    response.headers.emplace_back("Allow", allowed);
    return response;
}

LogLevel level_of(int status) noexcept {
    return status >= 500 ? LogLevel::Warning : status >= 400 ? LogLevel::Info : LogLevel::Debug;
}

}  // namespace

Router::Router(Service& service, std::shared_ptr<Log> log, Meter& meter)
    : service_(service), log_(std::move(log)), meter_(meter) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const Secret random = Secret::random(4);
    for (const std::uint8_t byte : random.bytes()) {
        id_prefix_ += kHex[byte >> 4U];
        id_prefix_ += kHex[byte & 15U];
    }
}

std::string Router::next_request_id() { return id_prefix_ + "-" + std::to_string(++id_count_); }

void Router::handle(HttpRequest request, Respond respond) {
    using Steady = std::chrono::steady_clock;
    // Only what stands in our own table is logged: a path from outside may hold a token pasted by mistake.
    const Route* found = nullptr;
    for (const Route& route : route_table()) {
        const bool method = route.method == request.method || (route.method == "GET" && request.method == "HEAD");
        if (route.path == request.path && method) {
            found = &route;
        }
    }
    Respond logged = [this, found, begun = Steady::now(), id = next_request_id(),
                      respond = std::move(respond)](HttpResponse response) {
        const auto time = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begun);
        log_->write(level_of(response.status), "http.request",
                    {{"request", id},
                     {"method", found ? found->method : "-"},
                     {"route", found ? found->path : "-"},
                     {"status", std::int64_t{response.status}},
                     {"microseconds", std::int64_t{time.count()}}});
        meter_.request(found ? found->path : "other", response.status);
        response.headers.emplace_back("X-Request-Id", id);
        respond(std::move(response));
    };
    dispatch(std::move(request), found, std::move(logged));
}

void Router::dispatch(HttpRequest request, const Route* route, Respond respond) {
    if (route == nullptr) {
        wipe_memory(request.authorization.data(), request.authorization.size());
        wipe_memory(request.body.data(), request.body.size());
        const auto table = route_table();
        const bool known = std::any_of(table.begin(), table.end(),
                                       [&](const Route& each) { return each.path == request.path; });
        return respond(known ? method_not_allowed(request.path)
                             : problem(ServerError{.code = ServerErrorCode::RouteNotFound, .detail = {}}));
    }
    const auto caller = prove_caller(service_, route->credential, request);
    wipe_memory(request.authorization.data(), request.authorization.size());
    if (!caller) {
        return respond(problem(caller.error()));
    }
    const auto* session = std::get_if<SessionCaller>(&*caller);
    if (session != nullptr && session->purpose != route->purpose) {
        return respond(problem(ServerError{.code = ServerErrorCode::AuthWrongPurpose, .detail = {}}));
    }
    if (route->takes_body && !is_json(request.content_type)) {
        return respond(problem(ServerError{.code = ServerErrorCode::RequestMediaType, .detail = {}}));
    }
    route->handle(service_, *caller, std::move(request.body), std::move(respond));
}

}  // namespace countersign::server
