// SPDX-License-Identifier: Apache-2.0
#include "utf8.h"

namespace countersign {
namespace {

struct Form {
    std::size_t bytes;
    std::uint32_t first_bits;
    std::uint32_t least;  ///< the smallest code point that needs so many bytes
};

Form form_of(unsigned char lead) noexcept {
    if (lead < 0x80) return {1, lead, 0};
    if (lead >= 0xc2 && lead < 0xe0) return {2, lead & 0x1fU, 0x80};
    if (lead >= 0xe0 && lead < 0xf0) return {3, lead & 0x0fU, 0x800};
    if (lead >= 0xf0 && lead < 0xf5) return {4, lead & 0x07U, 0x10000};
    return {0, 0, 0};
}

}  // namespace

CodePoint read_code_point(std::string_view text) noexcept {
    if (text.empty()) return {};
    const Form form = form_of(static_cast<unsigned char>(text[0]));
    if (form.bytes == 0 || text.size() < form.bytes) return {};
    std::uint32_t value = form.first_bits;
    for (std::size_t i = 1; i < form.bytes; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80) return {};
        value = value << 6 | (byte & 0x3fU);
    }
    if (value < form.least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
    return {value, form.bytes};
}

bool is_printable_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const CodePoint point = read_code_point(text);
        const bool control = point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0);
        if (point.bytes == 0 || control) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

}  // namespace countersign
