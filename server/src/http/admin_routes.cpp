// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "app/administrators.h"
#include "http/admin_codec.h"
#include "http/json_codec.h"
#include "http/routes.h"

// What administrators do (R3). A route says which session it takes; which scope, the use case does.

namespace countersign::server {
namespace {

void get_policy(Service& service, const Caller& caller, std::string, Respond respond) {
    const auto saved = service.administrators().policy(std::get<SessionCaller>(caller));
    respond(saved ? json_response(200, encode_saved_policy(*saved)) : problem(saved.error()));
}

void get_policy_history(Service& service, const Caller& caller, std::string, Respond respond) {
    const auto history = service.administrators().policy_history(std::get<SessionCaller>(caller));
    respond(history ? json_response(200, encode_policy_history(*history)) : problem(history.error()));
}

void post_policy(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto read = decode_policy_save(body);
    if (const auto* error = std::get_if<ServerError>(&read)) return respond(problem(*error));
    if (const auto* refusal = std::get_if<PolicyRefusal>(&read)) {
        JsonText more;
        more.text("field", refusal->field);
        return respond(unprocessable(refusal->code, refusal->sentence, std::move(more)));
    }
    service.administrators().save_policy(std::get<SessionCaller>(caller), std::move(std::get<PolicySave>(read)),
                                         answer_with(std::move(respond), 200, encode_policy_saved));
}

void post_user(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto user = decode_user(body);
    if (!user) return respond(problem(user.error()));
    service.administrators().user(std::get<SessionCaller>(caller), *user,
                                  answer_with(std::move(respond), 200, encode_admin_user));
}

void post_unlock(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto request = decode_unlock(body);
    if (!request) return respond(problem(request.error()));
    service.administrators().unlock(std::get<SessionCaller>(caller), request->user, request->credential,
                                    [respond = std::move(respond)](Answer<void> done) {
                                        respond(done ? json_response(200, R"({"ok":true})") : problem(done.error()));
                                    });
}

void post_backup_code(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_admin_code(body);
    if (!request) return respond(problem(request.error()));
    service.administrators().issue_backup_code(std::get<SessionCaller>(caller), std::move(*request),
                                               answer_with(std::move(respond), 200, encode_admin_code));
}

void post_audit(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto after = decode_audit(body);
    if (!after) return respond(problem(after.error()));
    const auto view = service.administrators().audit(std::get<SessionCaller>(caller), *after);
    respond(view ? json_response(200, encode_audit(*view)) : problem(view.error()));
}

constexpr auto kSession = CredentialKind::Session;
constexpr std::string_view kAdmin = "admin";

// method, path, credential, purpose of the session, consumes a code, takes a body, handler
constexpr std::array<Route, 7> kRoutes{{
    {"POST", "/v1/w/admin/audit", kSession, kAdmin, false, true, post_audit},
    {"POST", "/v1/w/admin/backupcode", kSession, kAdmin, true, true, post_backup_code},
    {"GET", "/v1/w/admin/policy", kSession, kAdmin, false, false, get_policy},
    {"POST", "/v1/w/admin/policy", kSession, kAdmin, true, true, post_policy},
    {"GET", "/v1/w/admin/policy/history", kSession, kAdmin, false, false, get_policy_history},
    {"POST", "/v1/w/admin/unlock", kSession, kAdmin, false, true, post_unlock},
    {"POST", "/v1/w/admin/user", kSession, kAdmin, false, true, post_user},
}};

}  // namespace

std::span<const Route> admin_routes() noexcept { return kRoutes; }

}  // namespace countersign::server
