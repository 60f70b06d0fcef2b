// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/error.h"
#include "http/exchange.h"
#include "log/json_text.h"

namespace countersign::server {

/// The status that goes with a code; 500 for those that only the command line meets.
[[nodiscard]] int http_status(ServerErrorCode code) noexcept;

/// RFC 9457: `application/problem+json` with a stable `code`, and the headers that belong to the status.
[[nodiscard]] HttpResponse problem(const ServerError& error);

/// 422: what a person or an administrator typed cannot be meant.
/// @param more  fields that say where
[[nodiscard]] HttpResponse unprocessable(std::string_view code, std::string_view detail, JsonText more);

/// What the listener says when a request never became one.
[[nodiscard]] HttpResponse problem(TransportFault fault);

}  // namespace countersign::server
