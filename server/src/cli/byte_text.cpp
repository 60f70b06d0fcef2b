// SPDX-License-Identifier: Apache-2.0
#include "cli/byte_text.h"

#include <optional>

#include <sodium.h>

namespace countersign::cli {
namespace {

std::optional<unsigned> hex_digit(char symbol) noexcept {
    if (symbol >= '0' && symbol <= '9') return static_cast<unsigned>(symbol - '0');
    if (symbol >= 'a' && symbol <= 'f') return static_cast<unsigned>(symbol - 'a') + 10U;
    if (symbol >= 'A' && symbol <= 'F') return static_cast<unsigned>(symbol - 'A') + 10U;
    return std::nullopt;
}

}  // namespace

Checked<Secret> decode_hex(std::string_view text, std::string_view what) {
    const auto malformed = [&] {
        return fail(UsageCode::HexMalformed,
                    std::string(what) + " is not hexadecimal: give an even number of 0-9 a-f");
    };
    if (text.size() % 2 != 0) return malformed();
    Secret bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto high = hex_digit(text[2 * i]);
        const auto low = hex_digit(text[2 * i + 1]);
        if (!high || !low) return malformed();
        bytes.writable()[i] = static_cast<std::uint8_t>(*high << 4U | *low);
    }
    return bytes;
}

std::string hex_of(SecretView bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

std::string base64_of(SecretView bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

}  // namespace countersign::cli
