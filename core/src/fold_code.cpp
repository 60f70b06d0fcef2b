// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "countersign/totp.h"
#include "declassify.h"
#include "masks.h"
#include "secret_text.h"
#include "utf8.h"

namespace countersign {
namespace {

constexpr std::size_t kMaxTypedBytes = 128;
constexpr std::size_t kMaxPointBytes = 4;

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// Unicode's White_Space, the zero-width spaces, the dashes (category Pd), and what looks like one:
/// soft hyphen, hyphen bullet, minus sign.
constexpr std::array<Range, 33> kDropped{{
    {0x09, 0x0d},     {0x20, 0x20},     {0x2d, 0x2d},     {0x85, 0x85},     {0xa0, 0xa0},
    {0xad, 0xad},     {0x58a, 0x58a},   {0x5be, 0x5be},   {0x1400, 0x1400}, {0x1680, 0x1680},
    {0x1806, 0x1806}, {0x2000, 0x200b}, {0x2010, 0x2015}, {0x2028, 0x2029}, {0x202f, 0x202f},
    {0x2043, 0x2043}, {0x205f, 0x2060}, {0x2212, 0x2212}, {0x2e17, 0x2e17}, {0x2e1a, 0x2e1a},
    {0x2e3a, 0x2e3b}, {0x2e40, 0x2e40}, {0x2e5d, 0x2e5d}, {0x3000, 0x3000}, {0x301c, 0x301c},
    {0x3030, 0x3030}, {0x30a0, 0x30a0}, {0xfe31, 0xfe32}, {0xfe58, 0xfe58},
    {0xfe63, 0xfe63}, {0xfeff, 0xfeff}, {0xff0d, 0xff0d}, {0x10ead, 0x10ead},
}};

/// The zeros of the digits that are folded: Arabic-Indic, extended Arabic-Indic, full-width.
constexpr std::array<std::uint32_t, 3> kZeros{0x660, 0x6f0, 0xff10};

bool is_dropped(std::uint32_t point) {
    const auto holds = [point](Range range) { return point >= range.first && point <= range.last; };
    return std::any_of(kDropped.begin(), kDropped.end(), holds);
}

/// 0 to 9, or -1 for what is no foreign digit.
int foreign_digit(std::uint32_t point) {
    for (const std::uint32_t zero : kZeros)
        if (point >= zero && point < zero + 10) return static_cast<int>(point - zero);
    return -1;
}

/// True for a character of ASCII that stays. Which those are is declassified, not which of them it is.
bool is_plain_symbol(char c) {
    const std::uint64_t kept = range_mask(c, '!', '~') & ~equal_mask(c, '-');
    return declassify(kept) != 0;
}

/// A separator, a control character or one of another script at the front of the text, declassified.
std::string_view declassify_front(std::string_view typed, std::span<char, kMaxPointBytes> copy) {
    const auto continues = [](char c) { return declassify(range_mask(c, '\x80', '\xbf')) != 0; };
    std::size_t size = 0;
    do {
        copy[size] = static_cast<char>(declassify(static_cast<unsigned char>(typed[size])));
        ++size;
    } while (size < std::min(typed.size(), copy.size()) && continues(typed[size]));
    return {copy.data(), size};
}

}  // namespace

Secret fold_code(std::string_view typed) {
    if (typed.size() > kMaxTypedBytes) return Secret(typed);
    SecretText folded(typed.size());
    for (std::string_view rest = typed; !rest.empty();) {
        if (is_plain_symbol(rest.front())) {
            folded.append(rest.front());
            rest.remove_prefix(1);
            continue;
        }
        std::array<char, kMaxPointBytes> copy;
        const std::string_view front = declassify_front(rest, copy);
        const CodePoint point = read_code_point(front);
        // Stray bytes that a separator kept apart would come together as a digit, if it were dropped.
        if (point.bytes == 0) return Secret(typed);
        const int digit = foreign_digit(point.value);
        if (digit >= 0)
            folded.append(static_cast<char>('0' + digit));
        else if (!is_dropped(point.value))
            folded.append(front.substr(0, point.bytes));
        rest.remove_prefix(point.bytes);
    }
    return folded.take();
}

}  // namespace countersign
