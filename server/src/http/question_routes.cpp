// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "app/questions.h"
#include "http/question_codec.h"
#include "http/routes.h"

// Security questions, for the page on which a user sets them up.

namespace countersign::server {
namespace {

void get_catalog(Service& service, const Caller& caller, std::string, Respond respond) {
    const auto offer = service.questions().offer(std::get<SessionCaller>(caller));
    respond(offer ? json_response(200, encode_question_offer(*offer)) : problem(offer.error()));
}

void post_save(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto chosen = decode_questions(body);
    if (!chosen) return respond(problem(chosen.error()));
    service.questions().save(std::get<SessionCaller>(caller), std::move(*chosen),
                             [respond = std::move(respond)](Answer<QuestionsSaved> saved) {
                                 if (!saved) return respond(problem(saved.error()));
                                 if (saved->refusal) return respond(question_problem(*saved->refusal));
                                 respond(json_response(200, encode_questions_saved(*saved)));
                             });
}

constexpr auto kSession = CredentialKind::Session;
constexpr std::string_view kManage = "manage";

// method, path, credential, purpose of the session, consumes a code, takes a body, handler
constexpr std::array<Route, 2> kRoutes{{
    {"GET", "/v1/w/questions/catalog", kSession, kManage, false, false, get_catalog},
    {"POST", "/v1/w/questions/save", kSession, kManage, false, true, post_save},
}};

}  // namespace

std::span<const Route> question_routes() noexcept { return kRoutes; }

}  // namespace countersign::server
