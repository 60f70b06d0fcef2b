// SPDX-License-Identifier: Apache-2.0
#include "app/text_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "app/refusal.h"

namespace countersign::server {
namespace {

/// The code point that starts at `at` and its length; length 0 when it is not well-formed.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;
};

CodePoint read_code_point(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(at);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return {};
    std::uint32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return {};
        value = value << 6U | (byte(at + i) & 0x3FU);
    }
    const std::uint32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least || value > 0x10FFFF || surrogate) return {};
    return {value, length};
}

template <class Predicate>
bool every_code_point(std::string_view text, Predicate allowed) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        if (point.length == 0 || !allowed(point.value)) return false;
        at += point.length;
    }
    return true;
}

}  // namespace

bool is_clean_utf8(std::string_view text) noexcept {
    return every_code_point(text, [](std::uint32_t c) { return c != 0; });
}

bool is_printable_utf8(std::string_view text) noexcept {
    return every_code_point(text, [](std::uint32_t c) { return c >= 0x20 && (c < 0x7F || c > 0x9F); });
}

bool is_realm_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxRealmBytes && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_credential_id(std::string_view text) noexcept {
    constexpr std::string_view kPrefix = "crd_";
    return text.size() == kPrefix.size() + 16 && text.starts_with(kPrefix) &&
           std::ranges::all_of(text.substr(kPrefix.size()),
                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

Answer<void> check_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxNameBytes || !is_printable_utf8(name)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "name: 1 to 64 bytes of printable UTF-8");
    }
    return {};
}

Answer<void> check_user(std::string_view user) {
    if (user.empty() || user.size() > kMaxUserBytes || !is_clean_utf8(user)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "user: 1 to 128 bytes of UTF-8 without NUL");
    }
    return {};
}

Answer<void> check_label(std::string_view field, std::string_view text) {
    if (text.empty() || text.size() > kMaxLabelBytes || !is_printable_utf8(text) ||
        text.find(':') != std::string_view::npos) {
        return refuse(ServerErrorCode::RequestFieldInvalid,
                      std::string(field) + ": 1 to 128 bytes of printable UTF-8 without colon");
    }
    return {};
}

}  // namespace countersign::server
