// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/log.h"

namespace countersign::server {

/// `debug`, `info`, `warning`, `error`; nothing for another word.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view name) noexcept;

/// JSON lines on standard error: `time` (UTC, RFC 3339), `level`, `event`, then the fields.
///
/// What is below `least` is dropped unwritten.
[[nodiscard]] std::shared_ptr<Log> make_json_log(LogLevel least);

}  // namespace countersign::server
