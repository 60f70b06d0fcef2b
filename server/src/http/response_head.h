// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace countersign::server {

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), without asking for the locale.
[[nodiscard]] std::string http_date(std::time_t time);

/// `Not Found` for 404; `Internal Server Error` for what this server does not use.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Appends the status line and every header, the empty line included: those of the response, those that
/// every answer of ours carries, and the connection's own.
void append_response_head(std::string& out, const HttpResponse& response, bool keep_alive,
                          std::string_view date);

}  // namespace countersign::server
