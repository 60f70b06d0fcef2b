// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "app/error.h"
#include "countersign/secret.h"

// Security questions (R24): what an answer means, which answers are refused, and what is stretched. All answers of
// a user are one secret: nothing here, and nothing made of it, says which of them was wrong.

namespace countersign::server {

inline constexpr std::size_t kMaxAnswerBytes = 256;    ///< as typed
inline constexpr std::size_t kMinAnswerLetters = 3;    ///< letters and digits, after folding
inline constexpr std::size_t kMaxQuestionIdBytes = 64;
inline constexpr std::string_view kKbaScheme = "cs-kba-1";

/// What can be wrong with answers. Told while they are being set up (R14a), never at a login.
enum class KbaFault : unsigned char {
    NotText,           ///< no well-formed UTF-8
    TooLong,
    Unassigned,        ///< a code point without a meaning yet: a later Unicode could fold it otherwise
    TooShort,          ///< under three letters and digits
    Denied,            ///< anybody would guess it
    RepeatedAnswer,    ///< two questions, one answer
    RepeatedQuestion,
};

/// `kba.answer_malformed`, `kba.answer_too_long`, `kba.answer_unassigned`, `kba.answer_too_short`,
/// `kba.answer_denied`, `kba.answer_repeated`, `kba.question_repeated`.
[[nodiscard]] std::string_view kba_fault_name(KbaFault fault) noexcept;
/// For the owner, while setting up.
[[nodiscard]] std::string_view kba_fault_sentence(KbaFault fault) noexcept;

template <class T>
using KbaResult = tl::expected<T, KbaFault>;

/// The Unicode version by which answers are folded now, as `15.0.0`; stored beside what was stretched.
[[nodiscard]] std::string_view kba_unicode_version() noexcept;

/// The canonical form of an answer: NFKC and case folding, without spaces, punctuation, apostrophes of any script,
/// control and invisible characters. Folding it again changes nothing.
/// @param typed  1 to 256 bytes of UTF-8
/// Errors: `NotText`, `TooLong`, `Unassigned` (private use, too), `TooShort`.
[[nodiscard]] KbaResult<Secret> fold_answer(std::string_view typed);

/// One answer and the question it is for.
struct KbaAnswer {
    std::string_view question_id;  ///< 1 to 64 bytes
    std::string_view question;     ///< its text, for the words in it
    std::string_view typed;
};

/// What is known of the owner, so that it is no answer.
struct KbaOwner {
    std::string_view user;
    std::vector<std::string_view> names;
    std::vector<std::string_view> addresses;
};

/// Which answer of a new set is refused, and why.
struct KbaRefusal {
    std::size_t index = 0;
    KbaFault fault = KbaFault::NotText;
};

/// Judges a new set. Beside what `fold_answer` refuses: answers made of nothing but the owner's names, user id and
/// addresses or of the question's own words, one symbol repeated, runs such as 123 and cba, what most people type
/// when they have no answer, the same answer or question twice.
/// @return the first that is refused, or nothing
[[nodiscard]] std::optional<KbaRefusal> refuse_answers(std::span<const KbaAnswer> answers, const KbaOwner& owner);

/// The bytes that are stretched: scheme id and Unicode version, then, in the order of the question ids' bytes, id
/// and folded answer; each behind its length in 4 bytes, little-endian. The same for one set in any order.
/// @param unicode_version  at set-up `kba_unicode_version()`, later the one that was stored
/// Errors: those of `fold_answer`, `TooShort` where there is no answer at all, `RepeatedQuestion`; at a login each of
/// them is a wrong answer.
[[nodiscard]] KbaResult<Secret> kba_secret(std::span<const KbaAnswer> answers, std::string_view unicode_version);

}  // namespace countersign::server
