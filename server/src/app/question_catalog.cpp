// SPDX-License-Identifier: Apache-2.0
#include "app/question_catalog.h"

#include <algorithm>
#include <array>

namespace countersign::server {
namespace {

constexpr std::array<CatalogQuestion, 24> kQuestions{{
    {"first_album", "What was the first album you bought with your own money?"},
    {"first_concert", "Whom did you see at the first concert you went to?"},
    {"first_film", "Which film was the first you saw in a cinema?"},
    {"first_flight", "Where did your first flight take you?"},
    {"first_dish", "What was the first dish you learned to cook?"},
    {"first_boss", "What was the family name of your first boss?"},
    {"first_game", "Which computer or board game did you first play for whole days?"},
    {"first_gift", "What was the first present you bought for somebody with your own money?"},
    {"childhood_hero", "Who was your hero when you were a child?"},
    {"childhood_toy", "What did you call the stuffed animal or doll you liked best?"},
    {"childhood_book", "Which book was read to you most often as a child?"},
    {"childhood_fear", "What were you most afraid of as a child?"},
    {"childhood_hiding", "Where was your favorite hiding place as a child?"},
    {"childhood_dream", "What did you want to become when you were ten years old?"},
    {"childhood_nickname", "What did only your family call you when you were little?"},
    {"childhood_dislike", "Which food were you made to eat although you could not stand it?"},
    {"school_seat", "Who sat beside you on your first day at school?"},
    {"school_teacher", "What did you and your friends call the teacher you liked least?"},
    {"lost_thing", "What is the thing you are most sorry to have lost?"},
    {"best_hike", "Where did the most beautiful walk of your life begin?"},
    {"worst_job", "What was the worst job you ever had?"},
    {"missed_stop", "In which place were you once stranded overnight?"},
    {"secret_talent", "What can you do that hardly anybody knows of?"},
    {"never_again", "What would you never eat again?"},
}};

}  // namespace

std::span<const CatalogQuestion> question_catalog() noexcept { return kQuestions; }

std::optional<std::string_view> find_catalog_question(std::string_view id) noexcept {
    const auto* const found = std::ranges::find(kQuestions, id, &CatalogQuestion::id);
    if (found == kQuestions.end()) return std::nullopt;
    return found->text;
}

}  // namespace countersign::server
