// SPDX-License-Identifier: Apache-2.0
#include "app/base64url.h"

#include <sodium.h>

namespace countersign::server {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

std::string encode_base64url(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // sodium writes a NUL
    return text;
}

std::optional<Secret> decode_base64url_secret(std::string_view text, std::size_t size) {
    Secret bytes(size);
    std::size_t read = 0;
    const int decoded = sodium_base642bin(bytes.writable().data(), bytes.size(), text.data(), text.size(), nullptr,
                                          &read, nullptr, kVariant);
    if (decoded != 0 || read != size) return std::nullopt;
    return bytes;
}

std::optional<std::vector<std::uint8_t>> decode_base64url(std::string_view text, std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::size_t read = 0;
    const int decoded = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &read,
                                          nullptr, kVariant);
    if (decoded != 0 || read != size) return std::nullopt;
    return bytes;
}

}  // namespace countersign::server
