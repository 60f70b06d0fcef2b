// SPDX-License-Identifier: Apache-2.0
#include "app/question_set.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::server {
namespace {

constexpr std::string_view kForm = "cs-questions-1";
constexpr std::size_t kLengthBytes = 4;

void append(std::vector<std::uint8_t>& bytes, std::string_view part) {
    for (unsigned i = 0; i < kLengthBytes; ++i) bytes.push_back(static_cast<std::uint8_t>(part.size() >> (8 * i)));
    bytes.insert(bytes.end(), part.begin(), part.end());
}

/// The next text, taken from the front.
std::optional<std::string_view> take(std::string_view& rest) {
    if (rest.size() < kLengthBytes) return std::nullopt;
    std::size_t size = 0;
    for (unsigned i = 0; i < kLengthBytes; ++i)
        size |= static_cast<std::size_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
    rest.remove_prefix(kLengthBytes);
    if (size > rest.size()) return std::nullopt;
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return part;
}

}  // namespace

Secret write_question_set(const QuestionSet& set) {
    std::vector<std::uint8_t> bytes;
    append(bytes, kForm);
    append(bytes, set.unicode_version);
    append(bytes, set.salt.text());
    for (const AskedQuestion& question : set.questions) {
        append(bytes, question.id);
        append(bytes, question.text);
    }
    Secret written{SecretView(bytes)};
    wipe_memory(bytes.data(), bytes.size());
    return written;
}

std::optional<QuestionSet> read_question_set(SecretView bytes) {
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto form = take(rest);
    const auto version = take(rest);
    const auto salt = take(rest);
    if (!form || *form != kForm || !version || !salt) return std::nullopt;
    QuestionSet set{std::string(*version), Secret(*salt), {}};
    while (!rest.empty()) {
        const auto id = take(rest);
        const auto text = take(rest);
        if (!id || !text) return std::nullopt;
        set.questions.push_back({std::string(*id), std::string(*text)});
    }
    return set;
}

}  // namespace countersign::server
