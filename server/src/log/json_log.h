// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/log.h"

namespace countersign::server {

/// `debug`, `info`, `warning`, `error`; nothing for another word.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view name) noexcept;

/// A log that drops what is below a level unwritten.
class LeveledLog : public Log {
  public:
    /// From the next line on; any thread.
    virtual void set_least(LogLevel least) = 0;
};

/// JSON lines on standard error: `time` (UTC, RFC 3339), `level`, `event`, then the fields.
[[nodiscard]] std::shared_ptr<LeveledLog> make_json_log(LogLevel least);

}  // namespace countersign::server
