// SPDX-License-Identifier: Apache-2.0
#include "http/request_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "countersign/secret.h"

namespace countersign::server {
namespace {

// version "-" trace-id "-" parent-id "-" flags
constexpr std::size_t kTraceAt = 3;
constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kParentAt = kTraceAt + kTraceDigits + 1;
constexpr std::size_t kParentDigits = 16;
constexpr std::size_t kFlagsAt = kParentAt + kParentDigits + 1;
constexpr std::size_t kLength = kFlagsAt + 2;

bool is_hexadecimal(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) noexcept {
    return is_hexadecimal(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::string new_request_id() {
    constexpr std::string_view kHex = "0123456789abcdef";
    const Secret random = Secret::random(16);
    std::string id;
    id.reserve(random.size() * 2);
    for (const std::uint8_t byte : random.bytes()) {
        id += kHex[byte >> 4U];
        id += kHex[byte & 15U];
    }
    return id;
}

bool is_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

bool is_traceparent(std::string_view text) noexcept {
    if (text.size() < kLength || text[2] != '-' || text[kParentAt - 1] != '-' || text[kFlagsAt - 1] != '-') return false;
    const std::string_view version = text.substr(0, 2);
    if (!is_hexadecimal(version) || version == "ff") return false;
    if (text.size() > kLength && (version == "00" || text[kLength] != '-')) return false;
    return is_id(text.substr(kTraceAt, kTraceDigits)) && is_id(text.substr(kParentAt, kParentDigits)) &&
           is_hexadecimal(text.substr(kFlagsAt, 2));
}

std::string_view trace_id(std::string_view traceparent) noexcept {
    return traceparent.empty() ? traceparent : traceparent.substr(kTraceAt, kTraceDigits);
}

}  // namespace countersign::server
