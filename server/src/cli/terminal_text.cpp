// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal_text.h"

#include <algorithm>
#include <cstddef>

namespace countersign::cli {
namespace {

/// How many bytes at the front steer a terminal: control characters, what ends a line or turns its direction.
std::size_t steering_bytes(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2 && byte(1) < 0xA0) return 2;   // U+0080 to U+009F
    if (byte(0) == 0xD8 && byte(1) == 0x9C) return 2;  // U+061C
    const unsigned last = byte(2);
    const bool turns = byte(0) == 0xE2 && ((byte(1) == 0x80 && (last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE))) ||
                                           (byte(1) == 0x81 && last >= 0xA6 && last <= 0xA9));
    return turns ? 3 : 0;  // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::size_t steering = steering_bytes(text);
        shown += steering > 0 ? '?' : text.front();
        text.remove_prefix(std::min(text.size(), std::max<std::size_t>(1, steering)));
    }
    return shown;
}

std::string column(std::string_view text) { return text.empty() ? "-" : one_line(text); }

}  // namespace countersign::cli
