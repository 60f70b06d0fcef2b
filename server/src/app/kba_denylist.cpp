// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>

#include "app/kba.h"
#include "app/kba_words.h"

// Which answers anybody would try first.

namespace countersign::server {
namespace {

/// What people type when they have no answer, folded.
constexpr std::array<std::string_view, 24> kEverybodys{
    "abc123", "admin",  "answer",  "asdf",    "asdfgh",   "azerty", "dontknow", "idk",
    "idontknow", "keine", "letmein", "nobody", "none",     "nothing", "null",     "password",
    "passwort", "qwerty", "qwertz", "qwertyuiop", "secret", "test",   "unknown",  "welcome"};

/// Words of a question this short are everywhere; answers are not judged by them.
constexpr std::size_t kShortestQuestionWord = 3;

/// Whether the whole of it is these words in any order, each any number of times.
bool is_made_of(std::string_view folded, const std::vector<std::string>& words) {
    std::vector<bool> reached(folded.size() + 1, false);
    reached[0] = true;
    for (std::size_t at = 0; at < folded.size(); ++at) {
        if (!reached[at]) continue;
        for (const std::string& word : words)
            if (!word.empty() && folded.substr(at).starts_with(word)) reached[at + word.size()] = true;
    }
    return reached[folded.size()];
}

void add_words(std::vector<std::string>& words, std::string_view text) {
    auto more = folded_words(text);
    std::move(more.begin(), more.end(), std::back_inserter(words));
}

std::vector<std::string> words_of(const KbaOwner& owner) {
    std::vector<std::string> words;
    add_words(words, owner.user);
    for (const std::string_view name : owner.names) add_words(words, name);
    for (const std::string_view address : owner.addresses) add_words(words, address);
    return words;
}

bool is_denied(std::string_view folded, const std::vector<std::string>& owner_words, std::string_view question) {
    if (std::ranges::find(kEverybodys, folded) != kEverybodys.end() || is_run(folded)) return true;
    if (is_made_of(folded, owner_words)) return true;
    auto question_words = folded_words(question);
    std::erase_if(question_words, [](const std::string& word) { return word.size() < kShortestQuestionWord; });
    return is_made_of(folded, question_words);
}

}  // namespace

std::optional<KbaRefusal> refuse_answers(std::span<const KbaAnswer> answers, const KbaOwner& owner) {
    const std::vector<std::string> owner_words = words_of(owner);
    std::vector<Secret> before;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto earlier = answers.first(i);
        if (std::ranges::find(earlier, answers[i].question_id, &KbaAnswer::question_id) != earlier.end())
            return KbaRefusal{i, KbaFault::RepeatedQuestion};
        auto folded = fold_answer(answers[i].typed);
        if (!folded) return KbaRefusal{i, folded.error()};
        if (is_denied(folded->text(), owner_words, answers[i].question)) return KbaRefusal{i, KbaFault::Denied};
        if (std::ranges::any_of(before, [&](const Secret& other) { return other.text() == folded->text(); }))
            return KbaRefusal{i, KbaFault::RepeatedAnswer};
        before.push_back(std::move(*folded));
    }
    return std::nullopt;
}

}  // namespace countersign::server
