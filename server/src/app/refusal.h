// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "app/error.h"

namespace countersign::server {

/// How long callers are asked to wait when the server, not the person, is in the way.
inline constexpr int kBusyRetrySeconds = 1;
inline constexpr int kUnavailableRetrySeconds = 2;
inline constexpr int kClockRetrySeconds = 30;

[[nodiscard]] inline tl::unexpected<ServerError> refuse(ServerErrorCode code, std::string detail = {},
                                                        int retry_after_seconds = 0) {
    return tl::unexpected<ServerError>(ServerError{code, std::move(detail), retry_after_seconds});
}

}  // namespace countersign::server
