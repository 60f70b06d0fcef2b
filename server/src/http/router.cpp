// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "countersign/secret.h"
#include "http/cors.h"
#include "http/bearer_token.h"
#include "http/error_map.h"
#include "http/request_id.h"

namespace countersign::server {
namespace {

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

/// A problem document says which request it is about (RFC 9457, 3.1.5).
void name_instance(HttpResponse& response, std::string_view request_id) {
    if (response.content_type != "application/problem+json" || !response.body.ends_with('}')) return;
    response.body.pop_back();
    response.body.append(R"(,"instance":"urn:countersign:request:)").append(request_id).append("\"}");
}

constexpr std::string_view kManage = "manage";

LogLevel level_of(int status) noexcept {
    return status >= 500 ? LogLevel::Warning : status >= 400 ? LogLevel::Info : LogLevel::Debug;
}

}  // namespace

/// What the log line and the answer say of a request. It may be finished by another thread than began it.
struct Router::Mark {
    std::string id;
    std::string trace;
    std::string client;
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    bool from_back_end = false;
};

Router::Router(Service& service, std::shared_ptr<Log> log, Meter& meter, std::size_t most_of_an_address)
    : service_(service), log_(std::move(log)), meter_(meter), clients_(most_of_an_address) {}

void Router::handle(HttpRequest request, Respond respond) {
    const Route* found = nullptr;
    for (const Route& route : route_table()) {
        const bool method = route.method == request.method || (route.method == "GET" && request.method == "HEAD");
        if (route.path == request.path && method) {
            found = &route;
        }
    }
    const auto mark = std::make_shared<Mark>();
    mark->id = request.request_id.empty() ? new_request_id() : request.request_id;
    mark->trace = trace_id(request.traceparent);
    mark->client = request.client_address;
    Respond finished = [this, found, mark, respond = std::move(respond)](HttpResponse response) {
        finish(*mark, found, response);
        respond(std::move(response));
    };
    dispatch(std::move(request), found, *mark, std::move(finished));
}

// Only what stands in our own table is logged: a path from outside may hold a token pasted by mistake.
void Router::write_line(const Mark& mark, const Route* route, int status, std::chrono::steady_clock::duration time) {
    LogLevel level = level_of(status);
    if (status >= 400 && status != 500) {
        const RefusalBudget::Line line = refusals_.take(mark.begun + time);
        if (line.untold != 0) {
            log_->write(LogLevel::Warning, "http.refusals_untold", {{"count", static_cast<std::int64_t>(line.untold)}});
        }
        if (!line.tell) level = LogLevel::Debug;
    }
    log_->write(level, "http.request",
                {{"request", mark.id},
                 {"trace_id", mark.trace},
                 {"client", mark.client},
                 {"method", route ? route->method : "-"},
                 {"route", route ? route->path : "-"},
                 {"status", std::int64_t{status}},
                 {"microseconds", std::int64_t{std::chrono::duration_cast<std::chrono::microseconds>(time).count()}}});
}

void Router::finish(const Mark& mark, const Route* route, HttpResponse& response) {
    const auto time = std::chrono::steady_clock::now() - mark.begun;
    write_line(mark, route, response.status, time);
    meter_.request(route ? route->path : "other", response.status);
    meter_.answered(time);
    name_instance(response, mark.id);
    response.headers.emplace_back("X-Request-Id", mark.id);
    response.from_back_end = mark.from_back_end;
}

// Before the token is looked up: whoever guesses tokens is counted too.
Answer<Caller> Router::admit(const Route& route, const HttpRequest& request) {
    if (route.credential == CredentialKind::Session && request.counted_client) {
        if (const auto wait = clients_.refuse(*request.counted_client, ClientLimit::Steady::now())) {
            return tl::unexpected(ServerError{.code = ServerErrorCode::ServerUnavailable,
                                              .detail = "too many requests come from this address",
                                              .retry_after_seconds = static_cast<int>(wait->count())});
        }
    }
    return prove_caller(service_, route.credential, request);
}

Answer<void> Router::check(const Route& route, const SessionCaller& session) {
    if (session.purpose != route.purpose) {
        return tl::unexpected(ServerError{.code = ServerErrorCode::AuthWrongPurpose, .detail = {}});
    }
    if (route.purpose != kManage || route.method != "POST") return {};
    const auto wait = sessions_.refuse(session.session_id, SessionLimit::Steady::now());
    if (!wait) return {};
    return tl::unexpected(ServerError{.code = ServerErrorCode::AdmissionBusy,
                                      .detail = {},
                                      .retry_after_seconds = static_cast<int>(wait->count())});
}

void Router::dispatch(HttpRequest request, const Route* route, Mark& mark, Respond respond) {
    if (route == nullptr) {
        wipe_memory(request.authorization.data(), request.authorization.size());
        wipe_memory(request.body.data(), request.body.size());
        if (auto preflight = answer_preflight(service_, request)) return respond(std::move(*preflight));
        const auto table = route_table();
        const bool known = std::any_of(table.begin(), table.end(),
                                       [&](const Route& each) { return each.path == request.path; });
        return respond(known ? method_not_allowed(request.path)
                             : problem(ServerError{.code = ServerErrorCode::RouteNotFound, .detail = {}}));
    }
    const auto caller = admit(*route, request);
    wipe_memory(request.authorization.data(), request.authorization.size());
    const bool foreign = route->credential == CredentialKind::Session && origin_kind(request) == OriginKind::Foreign;
    if (!caller) {
        wipe_memory(request.body.data(), request.body.size());
        HttpResponse refused = problem(caller.error());
        if (foreign && may_read_refusal(service_, request)) expose_to(request.origin, refused);
        return respond(std::move(refused));
    }
    if (std::holds_alternative<AppCaller>(*caller)) {
        mark.from_back_end = true;
        if (!request.offered_request_id.empty()) mark.id = request.offered_request_id;
    }
    const auto* session = std::get_if<SessionCaller>(&*caller);
    if (foreign) {
        if (const auto allowed = check_origin(service_, *session, request); !allowed) {
            HttpResponse refused = problem(allowed.error());
            refused.headers.emplace_back("Vary", "Origin");
            return respond(std::move(refused));
        }
        respond = [origin = request.origin, respond = std::move(respond)](HttpResponse response) {
            expose_to(origin, response);
            respond(std::move(response));
        };
    }
    if (session != nullptr) {
        if (const auto may = check(*route, *session); !may) {
            wipe_memory(request.body.data(), request.body.size());
            return respond(problem(may.error()));
        }
    }
    if (route->takes_body && !is_json(request.content_type)) {
        return respond(problem(ServerError{.code = ServerErrorCode::RequestMediaType, .detail = {}}));
    }
    route->handle(service_, *caller, std::move(request.body), std::move(respond));
}

}  // namespace countersign::server
