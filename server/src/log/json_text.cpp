// SPDX-License-Identifier: Apache-2.0
#include "log/json_text.h"

#include <array>
#include <cstddef>
#include <utility>

namespace countersign::server {
namespace {

// The length of the well-formed UTF-8 sequence (RFC 3629, 4) that begins here, or 0.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return 0;
    }
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (std::size_t i = 1; i < length; ++i) {
        if (byte(i) < low || byte(i) > high) {
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

void append_control(std::string& out, char symbol) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(symbol);
    switch (symbol) {
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    out += "\\u00";
    out += kHex[value >> 4U];
    out += kHex[value & 15U];
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
    out += '"';
    while (!value.empty()) {
        const char symbol = value.front();
        const std::size_t length = sequence_length(value);
        if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else if (symbol == '"' || symbol == '\\') {
            out += '\\';
            out += symbol;
        } else if (length == 1 && (static_cast<unsigned char>(symbol) < 0x20 || symbol == '\x7F')) {
            append_control(out, symbol);
        } else {
            out += value.substr(0, length);
        }
        value.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

void JsonText::key(std::string_view name) {
    text_ += text_.empty() ? '{' : ',';
    append_json_string(text_, name);
    text_ += ':';
}

JsonText& JsonText::text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(text_, value);
    return *this;
}

JsonText& JsonText::number(std::string_view name, std::int64_t value) {
    key(name);
    text_ += std::to_string(value);
    return *this;
}

JsonText& JsonText::boolean(std::string_view name, bool value) {
    key(name);
    text_ += value ? "true" : "false";
    return *this;
}

JsonText& JsonText::raw(std::string_view name, std::string_view json) {
    key(name);
    text_ += json;
    return *this;
}

std::string JsonText::take() {
    text_ += text_.empty() ? "{}" : "}";
    return std::exchange(text_, {});
}

}  // namespace countersign::server
