// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace countersign::server {

/// Writes one JSON object, field by field, into one string: what holds a token has a single copy, which
/// the listener wipes. Text that is not UTF-8 is written with U+FFFD in place of each bad byte.
class JsonText {
  public:
    JsonText() { text_.reserve(512); }

    JsonText& text(std::string_view name, std::string_view value);
    JsonText& number(std::string_view name, std::int64_t value);
    JsonText& boolean(std::string_view name, bool value);
    /// @param json  already JSON: an object or an array
    JsonText& raw(std::string_view name, std::string_view json);
    [[nodiscard]] std::string take();

  private:
    void key(std::string_view name);
    std::string text_;
};

/// Appends `value` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view value);

}  // namespace countersign::server
