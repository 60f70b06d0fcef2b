// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/error.h"
#include "http/exchange.h"

namespace countersign::server {

/// The status that goes with a code; 500 for those that only the command line meets.
[[nodiscard]] int http_status(ServerErrorCode code) noexcept;

/// RFC 9457: `application/problem+json` with a stable `code`, and the headers that belong to the status.
[[nodiscard]] HttpResponse problem(const ServerError& error);

/// What the listener says when a request never became one.
[[nodiscard]] HttpResponse problem(TransportFault fault);

}  // namespace countersign::server
