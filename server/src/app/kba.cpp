// SPDX-License-Identifier: Apache-2.0
#include "app/kba.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace countersign::server {
namespace {

struct FaultText {
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array<FaultText, 7> kFaultTexts{{
    {"kba.answer_malformed", "This answer is not readable text; type it again."},
    {"kba.answer_too_long", "This answer is too long; 256 bytes are the most."},
    {"kba.answer_unassigned", "This answer has a character that is not in use yet; leave it out."},
    {"kba.answer_too_short", "This answer is too short; it needs three letters or digits."},
    {"kba.answer_denied", "Anybody would try this answer first; take another one."},
    {"kba.answer_repeated", "Two questions have the same answer; take another one."},
    {"kba.question_repeated", "The same question stands here twice; choose another one."},
}};

/// Texts one after the other, each behind its length.
Secret join(std::span<const std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts) size += 4 + part.size();
    Secret joined(size);
    auto out = joined.writable();
    for (const std::string_view part : parts) {
        for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(part.size() >> (8 * i));
        if (!part.empty()) std::memcpy(out.data() + 4, part.data(), part.size());
        out = out.subspan(4 + part.size());
    }
    return joined;
}

}  // namespace

std::string_view kba_fault_name(KbaFault fault) noexcept { return kFaultTexts[static_cast<std::size_t>(fault)].name; }

std::string_view kba_fault_sentence(KbaFault fault) noexcept {
    return kFaultTexts[static_cast<std::size_t>(fault)].sentence;
}

KbaResult<Secret> kba_secret(std::span<const KbaAnswer> answers, std::string_view unicode_version) {
    struct Folded {
        std::string_view question_id;
        Secret answer;
    };
    if (answers.empty()) return tl::unexpected(KbaFault::TooShort);
    std::vector<Folded> folded;
    for (const KbaAnswer& answer : answers) {
        auto text = fold_answer(answer.typed);
        if (!text) return tl::unexpected(text.error());
        folded.push_back({answer.question_id, std::move(*text)});
    }
    std::ranges::sort(folded, {}, &Folded::question_id);
    if (std::ranges::adjacent_find(folded, {}, &Folded::question_id) != folded.end())
        return tl::unexpected(KbaFault::RepeatedQuestion);

    std::vector<std::string_view> parts{kKbaScheme, unicode_version};
    for (const Folded& each : folded) {
        parts.push_back(each.question_id);
        parts.push_back(each.answer.text());
    }
    return join(parts);
}

}  // namespace countersign::server
