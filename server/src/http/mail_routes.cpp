// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "app/mail_methods.h"
#include "http/json_codec.h"
#include "http/mail_codec.h"
#include "http/routes.h"

// Addresses of a user, and the end of methods that are no authenticator.

namespace countersign::server {
namespace {

const SessionCaller& session_of(const Caller& caller) { return std::get<SessionCaller>(caller); }

Reply<void> answer_ok(Respond respond) {
    return [respond = std::move(respond)](Answer<void> done) {
        respond(done ? json_response(200, R"({"ok":true})") : problem(done.error()));
    };
}

void post_email_begin(Service& service, const Caller& caller, std::string body, Respond respond) {
    if (auto read = decode_nothing(body); !read) return respond(problem(read.error()));
    service.mail().begin_email(session_of(caller), answer_with(std::move(respond), 200, encode_address_ordered));
}

void post_alternate_begin(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto address = decode_address(body);
    if (!address) return respond(problem(address.error()));
    service.mail().begin_alternate(session_of(caller), *address,
                                   answer_with(std::move(respond), 200, encode_address_ordered));
}

void confirm(Service& service, const Caller& caller, std::string_view method, std::string& body, Respond respond) {
    auto request = decode_confirm_address(body);
    if (!request) return respond(problem(request.error()));
    service.mail().confirm(session_of(caller), method, request->pending_id, std::move(request->code),
                           answer_with(std::move(respond), 200, encode_address_answer));
}

void post_email_confirm(Service& service, const Caller& caller, std::string body, Respond respond) {
    confirm(service, caller, kEmail, body, std::move(respond));
}

void post_alternate_confirm(Service& service, const Caller& caller, std::string body, Respond respond) {
    confirm(service, caller, kAlternateEmail, body, std::move(respond));
}

void post_alternate_choose(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto alternates = decode_alternates(body);
    if (!alternates) return respond(problem(alternates.error()));
    service.mail().choose(session_of(caller), *alternates, answer_ok(std::move(respond)));
}

void post_remove(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto credential = decode_remove(body);
    if (!credential) return respond(problem(credential.error()));
    service.mail().remove(session_of(caller), *credential, answer_ok(std::move(respond)));
}

constexpr auto kSession = CredentialKind::Session;
constexpr std::string_view kManage = "manage";

// method, path, credential, purpose of the session, consumes a code, takes a body, handler
constexpr std::array<Route, 6> kRoutes{{
    {"POST", "/v1/w/alternate/begin", kSession, kManage, false, true, post_alternate_begin},
    {"POST", "/v1/w/alternate/choose", kSession, kManage, false, true, post_alternate_choose},
    {"POST", "/v1/w/alternate/confirm", kSession, kManage, true, true, post_alternate_confirm},
    {"POST", "/v1/w/email/begin", kSession, kManage, false, true, post_email_begin},
    {"POST", "/v1/w/email/confirm", kSession, kManage, true, true, post_email_confirm},
    {"POST", "/v1/w/methods/remove", kSession, kManage, false, true, post_remove},
}};

}  // namespace

std::span<const Route> mail_routes() noexcept { return kRoutes; }

}  // namespace countersign::server
