// SPDX-License-Identifier: Apache-2.0
#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "app/kba.h"
#include "app/kba_words.h"
#include "app/text_rules.h"

// The one file that knows utf8proc. It works in buffers that are wiped; none of utf8proc's functions that
// allocate is called.

namespace countersign::server {
namespace {

/// No code point becomes more than 18 (U+FDFA); none takes fewer than one byte.
constexpr std::size_t kMostPoints = kMaxAnswerBytes * 18;
constexpr std::size_t kMaxFoldedBytes = 1024;
/// Folding and normalizing come to rest after two rounds; the bound is for what a later Unicode may bring.
constexpr int kMostRounds = 5;

constexpr auto kFolding = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                                         UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

/// Letters that are typed for an apostrophe: modifier primes, turned commas, half rings.
constexpr bool is_apostrophe_letter(utf8proc_int32_t point) noexcept { return point >= 0x2b9 && point <= 0x2bf; }

bool is_silent(utf8proc_int32_t point) noexcept {
    const utf8proc_category_t category = utf8proc_category(point);
    return (category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO) ||
           (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP) ||
           category == UTF8PROC_CATEGORY_SK || category == UTF8PROC_CATEGORY_CC ||
           category == UTF8PROC_CATEGORY_CF || is_apostrophe_letter(point);
}

bool is_letter(utf8proc_int32_t point) noexcept {
    const utf8proc_category_t category = utf8proc_category(point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool is_mark(utf8proc_int32_t point) noexcept {
    const utf8proc_category_t category = utf8proc_category(point);
    return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

bool has_meaning(utf8proc_int32_t point) noexcept {
    const utf8proc_category_t category = utf8proc_category(point);
    return category != UTF8PROC_CATEGORY_CN && category != UTF8PROC_CATEGORY_CO && category != UTF8PROC_CATEGORY_CS;
}

/// Calls `see(point, bytes)` for each code point of well-formed UTF-8.
template <class See>
void each_point(std::string_view text, See see) {
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &point);
        if (bytes <= 0) return;
        see(point, std::string_view(reinterpret_cast<const char*>(at), static_cast<std::size_t>(bytes)));
        at += bytes;
        left -= bytes;
    }
}

Secret without_silent(std::string_view text) {
    Secret kept(text.size());
    std::size_t size = 0;
    each_point(text, [&](utf8proc_int32_t point, std::string_view bytes) {
        if (is_silent(point)) return;
        std::copy(bytes.begin(), bytes.end(), kept.writable().begin() + static_cast<std::ptrdiff_t>(size));
        size += bytes.size();
    });
    kept.truncate(size);
    return kept;
}

/// NFKC with case folding, and without what is ignorable. Empty when it would be too long.
Secret normalize(std::string_view text) {
    Secret memory((kMostPoints + 1) * sizeof(utf8proc_int32_t));
    auto* const points = reinterpret_cast<utf8proc_int32_t*>(memory.writable().data());
    const utf8proc_ssize_t count =
        utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), points, kMostPoints, kFolding);
    if (count < 0 || static_cast<std::size_t>(count) > kMostPoints) return {};
    const utf8proc_ssize_t size = utf8proc_reencode(points, count, kFolding);
    if (size < 0 || static_cast<std::size_t>(size) > kMaxFoldedBytes) return {};
    return Secret(SecretView(memory.bytes().first(static_cast<std::size_t>(size))));
}

/// Comes to rest where another round changes nothing. Empty when it does not, or is too long.
Secret fold(std::string_view text) {
    Secret folded{text};
    for (int round = 0; round < kMostRounds; ++round) {
        Secret next = normalize(without_silent(folded.text()).text());
        if (next.empty() || next.text() == folded.text()) return next;
        folded = std::move(next);
    }
    return {};
}

}  // namespace

std::string_view kba_unicode_version() noexcept { return utf8proc_unicode_version(); }

KbaResult<Secret> fold_answer(std::string_view typed) {
    if (typed.size() > kMaxAnswerBytes) return tl::unexpected(KbaFault::TooLong);
    if (!is_clean_utf8(typed)) return tl::unexpected(KbaFault::NotText);
    bool meaningful = true;
    each_point(typed, [&](utf8proc_int32_t point, std::string_view) { meaningful &= has_meaning(point); });
    if (!meaningful) return tl::unexpected(KbaFault::Unassigned);

    if (without_silent(typed).empty()) return tl::unexpected(KbaFault::TooShort);
    Secret folded = fold(typed);
    if (folded.empty()) return tl::unexpected(KbaFault::TooLong);
    std::size_t letters = 0;
    each_point(folded.text(), [&](utf8proc_int32_t point, std::string_view) { letters += is_letter(point) ? 1U : 0U; });
    if (letters < kMinAnswerLetters) return tl::unexpected(KbaFault::TooShort);
    return folded;
}

std::vector<std::string> folded_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        const Secret folded = fold(std::string_view(word).substr(0, kMaxAnswerBytes));
        if (!folded.empty()) words.emplace_back(folded.text());
        word.clear();
    };
    each_point(text, [&](utf8proc_int32_t point, std::string_view bytes) {
        if (is_letter(point) || is_mark(point)) word += bytes;
        else if (!word.empty()) end_word();
    });
    if (!word.empty()) end_word();
    return words;
}

bool is_run(std::string_view text) {
    std::optional<utf8proc_int32_t> before;
    std::optional<utf8proc_int32_t> stride;
    bool even = true;
    each_point(text, [&](utf8proc_int32_t point, std::string_view) {
        if (before && !stride) stride = point - *before;
        else if (before) even &= point - *before == *stride;
        before = point;
    });
    return even && (!stride || (*stride >= -1 && *stride <= 1));
}

}  // namespace countersign::server
