// SPDX-License-Identifier: Apache-2.0
#include "http/request_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

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

/// Ids are no secrets: a thread fetches the bytes of many at once, since each fetch is a call of the kernel.
class IdBytes {
  public:
    static constexpr std::size_t kOfOne = 16;

    std::span<const std::uint8_t> next() {
        if (left_.size() < kOfOne) {
            bytes_.emplace(Secret::random(kOfOne * 64));
            left_ = bytes_->bytes();
        }
        const auto taken = left_.first(kOfOne);
        left_ = left_.subspan(kOfOne);
        return taken;
    }

  private:
    std::optional<Secret> bytes_;
    std::span<const std::uint8_t> left_;
};

}  // namespace

std::string new_request_id() {
    constexpr std::string_view kHex = "0123456789abcdef";
    thread_local IdBytes bytes;
    std::string id;
    id.reserve(IdBytes::kOfOne * 2);
    for (const std::uint8_t byte : bytes.next()) {
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
