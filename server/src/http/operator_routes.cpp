// SPDX-License-Identifier: Apache-2.0
#include "http/operator_routes.h"

#include <utility>

#include "http/error_map.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

HttpResponse readiness(const ServiceDetails& details) {
    JsonText body;
    body.boolean("ready", details.readiness.ready);
    if (!details.readiness.ready) body.text("reason", details.readiness.reason);
    body.text("clock", details.clock)
        .number("time", details.now.value)
        .boolean("store_healthy", details.store_healthy)
        .number("queue_length", static_cast<std::int64_t>(details.queue_length));
    if (details.audit) {
        body.number("audit_records", details.audit->size)
            .number("audit_unsealed", details.audit->unsealed)
            .number("audit_lag_seconds", details.audit_lag_seconds());
    }
    if (details.outbox) body.number("outbox_waiting", details.outbox->waiting).number("outbox_dead", details.outbox->dead);
    HttpResponse response;
    response.status = details.readiness.ready ? 200 : 503;
    response.body = body.take();
    return response;
}

}  // namespace

OperatorRoutes::OperatorRoutes(Service& service, std::shared_ptr<const Metrics> metrics,
                               std::shared_ptr<const OperatorAccess> access)
    : service_(service), metrics_(std::move(metrics)), access_(std::move(access)) {}

HttpResponse OperatorRoutes::answer(const HttpRequest& request) const {
    if (const auto admitted = access_->admit(request); !admitted) return problem(admitted.error());
    const bool known = request.path == "/metrics" || request.path == "/readyz" || request.path == "/healthz";
    if (!known) return problem(ServerError{.code = ServerErrorCode::RouteNotFound, .detail = {}});
    if (request.method != "GET" && request.method != "HEAD") {
        HttpResponse refused = problem(ServerError{.code = ServerErrorCode::MethodNotAllowed, .detail = {}});
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    if (request.path == "/readyz") return readiness(service_.details());
    HttpResponse response;
    if (request.path == "/healthz") {
        response.body = R"({"status":"ok"})";
    } else {
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = metrics_->text(service_.details());
    }
    return response;
}

void OperatorRoutes::handle(const HttpRequest& request, const Respond& respond) const { respond(answer(request)); }

}  // namespace countersign::server
