// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace countersign::server {

enum class LogLevel : unsigned char { Debug, Info, Warning, Error };

struct LogField {
    std::string_view key;
    std::variant<std::int64_t, std::string_view, bool> value;
};

/// One line of JSON for each call. Never given a code, a seed, a token or a body.
class Log {
  public:
    virtual ~Log() = default;
    /// @param event  a stable name, `area.what_happened`
    virtual void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) = 0;
};

}  // namespace countersign::server
