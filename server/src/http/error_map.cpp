// SPDX-License-Identifier: Apache-2.0
#include "http/error_map.h"

#include "log/json_text.h"
#include "http/response_head.h"

namespace countersign::server {

int http_status(ServerErrorCode code) noexcept {
    switch (code) {
        case ServerErrorCode::RequestMalformed:
        case ServerErrorCode::RequestFieldMissing:
        case ServerErrorCode::RequestFieldInvalid:
        case ServerErrorCode::RequestFieldUnknown: return 400;
        case ServerErrorCode::AuthMissing:
        case ServerErrorCode::AuthInvalid: return 401;
        case ServerErrorCode::AuthStepUpRequired:
        case ServerErrorCode::AuthWrongPurpose:
        case ServerErrorCode::AuthScopeMissing:
        case ServerErrorCode::AuthFreshFactorRequired:
        case ServerErrorCode::AuthOriginNotAllowed:
        case ServerErrorCode::AdminNotOnAdministrators:
        case ServerErrorCode::AuthRecoveryOnly: return 403;
        case ServerErrorCode::RouteNotFound:
        case ServerErrorCode::EnrollmentPendingUnknown:
        case ServerErrorCode::MethodUnknown: return 404;
        case ServerErrorCode::MethodNotAllowed: return 405;
        case ServerErrorCode::EnrollmentTooMany:
        case ServerErrorCode::MethodLast:
        case ServerErrorCode::MethodNone:
        case ServerErrorCode::ChallengeNotPassed:
        case ServerErrorCode::ChallengeNotAllowed:
        case ServerErrorCode::MailNotConfigured:
        case ServerErrorCode::EmailNoAddress:
        case ServerErrorCode::MethodDisabled:
        case ServerErrorCode::PolicyVersionChanged:
        case ServerErrorCode::PolicyNotAllowed: return 409;
        case ServerErrorCode::RequestTooLarge: return 413;
        case ServerErrorCode::RequestMediaType: return 415;
        case ServerErrorCode::EmailAddressInvalid:
        case ServerErrorCode::EmailSameAsPrimary: return 422;
        case ServerErrorCode::AdmissionBusy: return 429;
        case ServerErrorCode::ClockUnreliable:
        case ServerErrorCode::ServerUnavailable: return 503;
        default: return 500;
    }
}

HttpResponse problem(const ServerError& error) {
    HttpResponse response;
    response.status = http_status(error.code);
    response.content_type = "application/problem+json";
    JsonText body;
    body.text("type", "about:blank")
        .text("title", reason_phrase(response.status))
        .number("status", response.status)
        .text("code", server_error_name(error.code))
        .text("detail", error.detail.empty() ? server_error_sentence(error.code) : std::string_view(error.detail));
    if (response.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (response.status == 429 || response.status == 503) {
        const int seconds = error.retry_after_seconds > 0 ? error.retry_after_seconds : 1;
        body.number("retry_after", seconds);
        response.headers.emplace_back("Retry-After", std::to_string(seconds));
    }
    response.body = body.take();
    return response;
}

HttpResponse unprocessable(std::string_view code, std::string_view detail, JsonText more) {
    HttpResponse response;
    response.status = 422;
    response.content_type = "application/problem+json";
    response.body = more.text("type", "about:blank")
                        .text("title", reason_phrase(response.status))
                        .number("status", response.status)
                        .text("code", code)
                        .text("detail", detail)
                        .take();
    return response;
}

HttpResponse problem(TransportFault fault) {
    switch (fault) {
        case TransportFault::TooLarge:
            return problem(ServerError{.code = ServerErrorCode::RequestTooLarge, .detail = {}});
        case TransportFault::TooManyConnections:
            return problem(ServerError{.code = ServerErrorCode::ServerUnavailable,
                                       .detail = "too many connections are open"});
        case TransportFault::Malformed: break;
    }
    return problem(ServerError{.code = ServerErrorCode::RequestMalformed, .detail = "this is not HTTP/1.1"});
}

}  // namespace countersign::server
