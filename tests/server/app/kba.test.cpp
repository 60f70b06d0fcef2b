// SPDX-License-Identifier: Apache-2.0
#include "app/kba.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace countersign;
using namespace countersign::server;

namespace {

/// The folded form, or the fault's name.
std::string fold(std::string_view typed) {
    const auto folded = fold_answer(typed);
    return std::string(folded ? folded->text() : kba_fault_name(folded.error()));
}

std::string secret_of(const std::vector<KbaAnswer>& answers, std::string_view version = "15.0.0") {
    const auto secret = kba_secret(answers, version);
    return std::string(secret ? secret->text() : kba_fault_name(secret.error()));
}

std::string denied(std::string_view typed, const KbaOwner& owner = {}, std::string_view question = "First pet?") {
    const KbaAnswer answer{"pet", question, typed};
    const auto refusal = refuse_answers({&answer, 1}, owner);
    return refusal ? std::string(kba_fault_name(refusal->fault)) : "";
}

constexpr std::string_view kDenied = "kba.answer_denied";

/// One code point in UTF-8, by the definition.
std::string utf8(std::uint32_t point) {
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | (point >> shift & 0x3fU)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xc0U | point >> 6), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xe0U | point >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0U | point >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("an answer is the same in any case, spacing, punctuation and normal form [R24]", "[kba]") {
    const std::vector<std::pair<const char*, std::vector<const char*>>> same = {
        {"obrien", {"O'Brien", "o brien", "O\xe2\x80\x99" "BRIEN", "O\xc2\xb4" "Brien", "O`Brien", "o\xca\xbc" "brien", "O-Brien."}},
        {"newyork", {"New York", "new-york", "NEW\xc2\xa0YORK", "\xef\xbc\xae\xef\xbd\x85\xef\xbd\x97 York", "  new\tyork\n", "new\xe2\x80\x8byork"}},
        {"strasse", {"Stra\xc3\x9f" "e", "STRASSE", "STRA\xe1\xba\x9e" "E"}},
        {"\xc3\xa1gnes", {"\xc3\x81gnes", "a\xcc\x81gnes", "A\xcc\x81GNES"}},
        {"abcd", {"abcd", "ab\xd8\x80" "cd", "ab\xc2\xad" "cd"}},  // a format character, a soft hyphen
        {"fish", {"\xef\xac\x81sh", "FISH"}},
        {"123", {"1.2.3", "1 2 3", "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93", "\xc2\xb9\xc2\xb2\xc2\xb3"}},
        {"\xcf\x83\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x83", {"\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82"}},  // Sisyphus, both sigmas
    };
    for (const auto& [folded, forms] : same)
        for (const char* const form : forms) CHECK(fold(form) == folded);
    CHECK(fold("jose") != fold("jos\xc3\xa9"));  // an accent is a letter
}

TEST_CASE("answers without three letters or digits, or without meaning, are refused [R24]", "[kba]") {
    for (const char* const little : {"", " ", "ab", "a.b", "...", "12", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "\xe5\x8c\x97\xe4\xba\xac", "a\xcc\x81\xcc\x81" "b"})
        CHECK(fold(little) == "kba.answer_too_short");
    CHECK(fold("abc") == "abc");
    CHECK(fold("Rex \xcd\xb8") == "kba.answer_unassigned");          // U+0378
    CHECK(fold("Rex \xee\x80\x80") == "kba.answer_unassigned");      // private use
    CHECK(fold("Rex \xf3\xa0\x84\xbf\xf4\x8f\xbf\xbf") == "kba.answer_unassigned");
    CHECK(fold("Rex\xff") == "kba.answer_malformed");
    CHECK(fold(std::string("Re\0x", 4)) == "kba.answer_malformed");
    CHECK(fold("Re\xed\xa0\x80x") == "kba.answer_malformed");        // a surrogate
    CHECK(fold(std::string(256, 'x')) == std::string(256, 'x'));
    CHECK(fold(std::string(257, 'x')) == "kba.answer_too_long");
    std::string expanding;
    for (int i = 0; i < 85; ++i) expanding += "\xef\xb7\xba";        // U+FDFA becomes eighteen code points
    CHECK(fold(expanding) == "kba.answer_too_long");
}

TEST_CASE("folding a folded answer changes nothing, for every code point and for random texts [R24]", "[kba]") {
    std::size_t folded = 0;
    std::size_t changed = 0;
    const auto try_text = [&](const std::string& text) {
        const auto once = fold_answer(text);
        if (!once) return;
        ++folded;
        const auto twice = fold_answer(once->text().substr(0, kMaxAnswerBytes));
        if (once->size() <= kMaxAnswerBytes && (!twice || twice->text() != once->text())) ++changed;
    };
    for (std::uint32_t point = 1; point < 0x110000; point += point < 0x3000 ? 1 : 7)
        if (point < 0xd800 || point > 0xdfff) try_text("abc" + utf8(point) + "d");
    std::mt19937 random(20'261'122);
    const auto below = [&random](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int k = 0; k < 8; ++k) text += utf8(below(4) == 0 ? 0x300 + below(0x70) : 0x20 + below(0x2000));
        try_text(text);
    }
    CHECK(folded > 20'000);
    CHECK(changed == 0);
}

TEST_CASE("what is stretched names scheme, Unicode version, and each question before its answer [R24]", "[kba]") {
    const std::vector<KbaAnswer> answers{{"pet", "", "Rex!"}, {"city", "", "New York"}};
    const std::string expected = std::string("\x08\0\0\0cs-kba-1", 12) + std::string("\x06\0\0\0" "15.0.0", 10) +
                                 std::string("\x04\0\0\0city", 8) + std::string("\x07\0\0\0newyork", 11) +
                                 std::string("\x03\0\0\0pet", 7) + std::string("\x03\0\0\0rex", 7);
    CHECK(secret_of(answers) == expected);
    CHECK(secret_of({answers[1], answers[0]}) == expected);
    CHECK(kba_unicode_version() == "15.0.0");
}

TEST_CASE("another answer, question, order of answers or Unicode version is another secret [R24]", "[kba]") {
    const std::set<std::string> secrets{
        secret_of({{"a", "", "rex"}, {"b", "", "rome"}}), secret_of({{"a", "", "rome"}, {"b", "", "rex"}}),
        secret_of({{"a", "", "rexr"}, {"b", "", "ome"}}), secret_of({{"a", "", "rex"}, {"c", "", "rome"}}),
        secret_of({{"a", "", "rex"}}), secret_of({{"ar", "", "exa"}}), secret_of({{"a", "", "rexa"}}),
        secret_of({{"a", "", "rex"}, {"b", "", "rome"}}, "15.1.0"),
    };
    CHECK(secrets.size() == 8);
    CHECK(secret_of({{"a", "", "rex"}, {"a", "", "rome"}}) == "kba.question_repeated");
    CHECK(secret_of({{"a", "", "rex"}, {"b", "", "x"}}) == "kba.answer_too_short");
}

TEST_CASE("no answers are no secret: else who had set up none could be passed with none [R24] [L13]", "[kba]") {
    CHECK(secret_of({}) == "kba.answer_too_short");
}

TEST_CASE("the owner's names, addresses and user id are no answer, in any order or case [R24]", "[kba]") {
    const KbaOwner owner{"u-ann42", {"Ann Lee O'Brien"}, {"ann.lee@bank.example", "lee.home@mail.test"}};
    for (const char* const typed : {"Ann", "LEE", "Ann Lee", "lee ann", "AnnLeeO'Brien", "o brien", "ann.lee@bank.example",
                                    "bank", "example", "mail test", "ann42", "u ann42", "AnnAnn"})
        CHECK(denied(typed, owner) == kDenied);
    for (const char* const typed : {"Annabel", "Rex", "Leeds", "ann43"}) CHECK(denied(typed, owner).empty());
}

TEST_CASE("the words of the question are no answer to it [R24]", "[kba]") {
    const std::string_view question = "What was the name of your first pet?";
    for (const char* const typed : {"pet", "First Pet", "name", "your pet", "pet pet", "What was the name your first pet"})
        CHECK(denied(typed, {}, question) == kDenied);
    for (const char* const typed : {"petra", "Rex", "firstling"}) CHECK(denied(typed, {}, question).empty());
    CHECK(denied("pet", {}, "Favorite city?").empty());
    CHECK(denied("Anais", {}, "Is it an A?").empty());  // the shortest words are everywhere
}

TEST_CASE("what everybody types when there is no answer is refused [R24]", "[kba]") {
    for (const char* const typed : {"123", "1-2-3-4", "987", "aaa", "111111", "abc", "CBA", "qwerty", "Password", "none",
                                    "I don't know", "\xd0\xb0\xd0\xb1\xd0\xb2"})
        CHECK(denied(typed) == kDenied);
    for (const char* const typed : {"1984", "124", "aab", "Rex"}) CHECK(denied(typed).empty());
}

TEST_CASE("a refusal names the first answer that is at fault, and why [R14a] [R24]", "[kba]") {
    const auto refusal_of = [](const std::vector<KbaAnswer>& answers) {
        const auto refusal = refuse_answers(answers, {});
        return refusal ? std::to_string(refusal->index) + " " + std::string(kba_fault_name(refusal->fault)) : "";
    };
    const KbaAnswer pet{"pet", "Pet?", "Rex"};
    const KbaAnswer city{"city", "City?", "Rome"};
    CHECK(refusal_of({pet, city}).empty());
    CHECK(refusal_of({pet, {"city", "City?", " r e x "}}) == "1 kba.answer_repeated");
    CHECK(refusal_of({pet, {"pet", "Pet?", "Rome"}}) == "1 kba.question_repeated");
    CHECK(refusal_of({{"pet", "Pet?", "xy"}, {"pet", "Pet?", "123"}}) == "0 kba.answer_too_short");
    CHECK(refusal_of({pet, city, {"car", "Car?", "123"}}) == "2 kba.answer_denied");
    for (int fault = 0; fault < 7; ++fault) CHECK(kba_fault_sentence(static_cast<KbaFault>(fault)).ends_with("."));
}
