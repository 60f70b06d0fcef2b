// SPDX-License-Identifier: Apache-2.0
#include "app/mail_content.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace countersign::server {
namespace {

constexpr std::size_t kLengthBytes = 4;

std::uint8_t* append(std::uint8_t* out, std::string_view text) {
    for (unsigned shift = 0; shift < 32; shift += 8) *out++ = static_cast<std::uint8_t>(text.size() >> shift & 0xFFU);
    return std::ranges::copy(text, out).out;
}

std::optional<std::string_view> take(std::string_view& rest) {
    if (rest.size() < kLengthBytes) return std::nullopt;
    std::size_t size = 0;
    for (unsigned i = 0; i < kLengthBytes; ++i) {
        size |= static_cast<std::size_t>(static_cast<std::uint8_t>(rest[i])) << (8 * i);
    }
    rest.remove_prefix(kLengthBytes);
    if (rest.size() < size) return std::nullopt;
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size);
    return text;
}

}  // namespace

Secret encode_mail_content(std::string_view to, std::initializer_list<MailValue> values) {
    std::size_t size = kLengthBytes + to.size();
    for (const MailValue& value : values) size += 2 * kLengthBytes + value.name.size() + value.value.size();
    Secret content(size);
    std::uint8_t* out = append(content.writable().data(), to);
    for (const MailValue& value : values) out = append(append(out, value.name), value.value);
    return content;
}

std::string_view MailContent::value(std::string_view name) const noexcept {
    const auto found = std::ranges::find(values, name, &MailValue::name);
    return found == values.end() ? std::string_view{} : found->value;
}

std::optional<MailContent> decode_mail_content(const Secret& content) {
    std::string_view rest = content.text();
    MailContent read;
    const auto to = take(rest);
    if (!to) return std::nullopt;
    read.to = *to;
    while (!rest.empty()) {
        const auto name = take(rest);
        const auto value = name ? take(rest) : std::nullopt;
        if (!value) return std::nullopt;
        read.values.push_back({*name, *value});
    }
    return read;
}

}  // namespace countersign::server
