// SPDX-License-Identifier: Apache-2.0
#include "mail/mail_header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

namespace countersign::server {
namespace {

constexpr std::size_t kShortBytes = 60;
constexpr std::size_t kWordBytes = 45;  // 60 symbols of base64, and 12 of `=?UTF-8?B?` and `?=`: at most 75

bool is_plain(char c) noexcept { return c >= 0x20 && c < 0x7F; }
bool continues_code_point(char c) noexcept { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; }

std::string encode_base64(std::string_view bytes) {
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) group = group << 8U | (i < count ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i) text += i <= count ? kAlphabet[group >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

/// As many whole code points as fit one word.
std::size_t word_length(std::string_view text) noexcept {
    if (text.size() <= kWordBytes) return text.size();
    std::size_t length = kWordBytes;
    while (length > 0 && continues_code_point(text[length])) --length;
    return length == 0 ? kWordBytes : length;
}

}  // namespace

std::string encode_header_text(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; }, ' ');
    const bool looks_encoded = line.find("=?") != std::string::npos;
    if (line.size() <= kShortBytes && std::ranges::all_of(line, is_plain) && !looks_encoded) return line;
    std::string encoded;
    for (std::string_view rest = line; !rest.empty();) {
        const std::size_t length = word_length(rest);
        encoded.append(encoded.empty() ? "" : "\r\n ").append("=?UTF-8?B?").append(encode_base64(rest.substr(0, length))).append("?=");
        rest.remove_prefix(length);
    }
    return encoded;
}

std::string format_mail_date(UnixSeconds time) {
    const std::time_t seconds = time.value;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    // English names: no locale is ever set in this process.
    const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return {text.data(), length};
}

}  // namespace countersign::server
