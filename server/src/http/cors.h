// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/service.h"
#include "http/exchange.h"

// Pages of other origins (R7). The usual way is a forwarder on the site's own origin, which passes on no `Origin`, or
// keeps `Host`; then nothing here speaks. Where an application key names origins, their pages may call the routes of
// session tokens directly: without cookies, with the token alone. Every other origin is refused.

namespace countersign::server {

/// What a request says of where its page is from.
enum class OriginKind : unsigned char {
    Own,      ///< it names none, or that of the host it was sent to
    Foreign,  ///< one of another host, to be judged
};

[[nodiscard]] OriginKind origin_kind(const HttpRequest& request) noexcept;

/// Answers a preflight (Fetch, "CORS-preflight request") of a route that takes session tokens. There is no token in
/// it, so an origin passes that any application key names; the call itself is judged by its own.
///
/// @return nothing where it is no preflight of such a route
[[nodiscard]] std::optional<HttpResponse> answer_preflight(Service& service, const HttpRequest& request);

/// Lets the origin read an answer.
void expose_to(const std::string& origin, HttpResponse& response);

/// Refuses a call whose origin the session's application key does not name. Errors: `auth.origin_not_allowed`.
[[nodiscard]] Answer<void> check_origin(Service& service, const SessionCaller& caller, const HttpRequest& request);

/// Whether a page of the origin may read why there is no session: any application key names it.
[[nodiscard]] bool may_read_refusal(Service& service, const HttpRequest& request);

}  // namespace countersign::server
