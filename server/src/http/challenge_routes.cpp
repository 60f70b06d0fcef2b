// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "app/challenges.h"
#include "http/challenge_codec.h"
#include "http/routes.h"

// A login's second factor, for the page, and the receipt of it, for the back end.

namespace countersign::server {
namespace {

void get_challenge(Service& service, const Caller& caller, std::string, Respond respond) {
    service.challenges().show(std::get<SessionCaller>(caller), answer_with(std::move(respond), 200, encode_challenge));
}

void post_forgot(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto alternate = decode_forgot(body);
    if (!alternate) return respond(problem(alternate.error()));
    service.challenges().forgot(std::get<SessionCaller>(caller), *alternate,
                                answer_with(std::move(respond), 200, encode_challenge));
}

void post_mail(Service& service, const Caller& caller, std::string body, Respond respond) {
    const auto method = decode_mail(body);
    if (!method) return respond(problem(method.error()));
    service.challenges().send_mail(std::get<SessionCaller>(caller), *method,
                                   answer_with(std::move(respond), 200, encode_mail_ordered));
}

void post_answer(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto given = decode_challenge_answer(body);
    if (!given) return respond(problem(given.error()));
    service.challenges().answer(std::get<SessionCaller>(caller), std::move(*given),
                                answer_with(std::move(respond), 200, encode_challenge_answered));
}

void post_redeem(Service& service, const Caller& caller, std::string body, Respond respond) {
    auto request = decode_redeem(body);
    if (!request) return respond(problem(request.error()));
    service.challenges().redeem(std::get<AppCaller>(caller), std::move(*request),
                                answer_with(std::move(respond), 200, encode_redeemed));
}

constexpr auto kAppKey = CredentialKind::AppKey;
constexpr auto kSession = CredentialKind::Session;
constexpr std::string_view kAny;
constexpr std::string_view kChallenge = "challenge";

// method, path, credential, purpose of the session, consumes a code, takes a body, handler
constexpr std::array<Route, 5> kRoutes{{
    {"POST", "/v1/receipts/redeem", kAppKey, kAny, false, true, post_redeem},
    {"GET", "/v1/w/challenge", kSession, kChallenge, false, false, get_challenge},
    {"POST", "/v1/w/challenge/answer", kSession, kChallenge, true, true, post_answer},
    {"POST", "/v1/w/challenge/forgot", kSession, kChallenge, false, true, post_forgot},
    {"POST", "/v1/w/challenge/mail", kSession, kChallenge, false, true, post_mail},
}};

}  // namespace

std::span<const Route> challenge_routes() noexcept { return kRoutes; }

}  // namespace countersign::server
