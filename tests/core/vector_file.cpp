// SPDX-License-Identifier: Apache-2.0
#include "vector_file.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace countersign;

namespace {

std::string read_vector_file(const std::string& file) {
    const char* directory = std::getenv("COUNTERSIGN_VECTORS");
    const std::string path = std::string(directory != nullptr ? directory : COUNTERSIGN_VECTORS_DIR) + "/" + file;
    std::ifstream in(path, std::ios::binary);
    INFO("reading " << path << " (COUNTERSIGN_VECTORS names another folder)");
    REQUIRE(in.good());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

int count_cases(const std::string& text) {
    int count = 0;
    for (std::size_t at = 0; (at = text.find("\nCase = ", at)) != std::string::npos; ++at) ++count;
    return count;
}

void append_utf8(std::string& out, unsigned long point) {
    const auto push = [&out](unsigned long byte) { out.push_back(static_cast<char>(byte)); };
    const auto follow = [&](int shift) { push(0x80 | ((point >> shift) & 0x3f)); };
    if (point < 0x80) return push(point);
    if (point < 0x800) return push(0xc0 | point >> 6), follow(0);
    if (point < 0x10000) return push(0xe0 | point >> 12), follow(6), follow(0);
    push(0xf0 | point >> 18), follow(12), follow(6), follow(0);
}

std::string unescape(const std::string& value) {
    std::string out;
    for (std::size_t at = 0; at < value.size();) {
        if (value[at] != '\\') {
            out.push_back(value[at++]);
        } else if (value.compare(at, 2, "\\\\") == 0) {
            out.push_back('\\');
            at += 2;
        } else {
            const std::size_t open = value.find('{', at);
            const std::size_t close = value.find('}', at);
            REQUIRE(close != std::string::npos);
            const std::string inside = value.substr(open + 1, close - open - 1);
            if (value.compare(at, 3, "\\u{") == 0) {
                append_utf8(out, std::stoul(inside, nullptr, 16));
            } else {
                REQUIRE(value.compare(at, 2, "\\{") == 0);
                const std::size_t star = inside.rfind('*');
                for (unsigned long n = std::stoul(inside.substr(star + 1)); n > 0; --n) out += inside.substr(0, star);
            }
            at = close + 1;
        }
    }
    return out;
}

std::string trim(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<VectorCase> parse_cases(const std::string& text) {
    std::vector<VectorCase> cases;
    std::istringstream in(text);
    std::string section;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        INFO("line " << number << ": " << line);
        if (line.empty() || line[0] == '#') continue;
        if (line.front() == '[') {
            section = line.substr(1, line.find(']') - 1);
            continue;
        }
        const std::size_t equals = line.find('=');
        REQUIRE(equals != std::string::npos);
        const std::string key = trim(line.substr(0, equals));
        const std::string value = unescape(trim(line.substr(equals + 1)));
        if (key == "Case") {
            cases.emplace_back();
            cases.back().section = section;
            cases.back().title = value;
            cases.back().line = number;
            continue;
        }
        REQUIRE_FALSE(cases.empty());
        const bool is_new = cases.back().fields.emplace(key, value).second;
        REQUIRE(is_new);
    }
    return cases;
}

std::string describe(const Answer& answer) {
    std::ostringstream text;
    for (const auto& [key, value] : answer) text << key << " = " << value << '\n';
    return text.str();
}

}  // namespace

std::string VectorCase::text(const std::string& key, const std::string& fallback) const {
    asked_.insert(key);
    const auto field = fields.find(key);
    return field == fields.end() ? fallback : field->second;
}

std::vector<std::uint8_t> VectorCase::bytes(const std::string& key) const {
    const std::string hex = text(key);
    std::vector<std::uint8_t> bytes;
    REQUIRE(hex.size() % 2 == 0);
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

std::int64_t VectorCase::number(const std::string& key, std::int64_t fallback) const {
    const std::string digits = text(key);
    return digits.empty() ? fallback : std::stoll(digits);
}

Answer VectorCase::expected() const {
    Answer rest;
    for (const auto& field : fields)
        if (asked_.count(field.first) == 0) rest.insert(field);
    return rest;
}

void run_vectors(const std::string& file, const std::map<std::string, Runner>& runner_of_section) {
    const std::string text = read_vector_file(file);
    int run = 0;
    std::set<std::string> titles;
    for (const VectorCase& vector : parse_cases(text)) {
        INFO(file << ":" << vector.line << ": " << vector.title);
        const auto runner = runner_of_section.find(vector.section);
        REQUIRE(runner != runner_of_section.end());
        const Answer answer = runner->second(vector);
        const Answer expected = vector.expected();
        CHECK_FALSE(expected.empty());
        CHECK(describe(answer) == describe(expected));
        CHECK(titles.insert(vector.title).second);
        ++run;
    }
    const int in_file = count_cases(text);
    // Not through std::cout: Catch2's reporter takes that into its own document.
    std::printf("%s: %d run / %d in file\n", file.c_str(), run, in_file);
    std::fflush(stdout);
    CHECK(run == in_file);
    CHECK(run > 0);
}

Answer error_answer(const Error& error) { return {{"Error", std::string(error_name(error.code))}}; }

std::string to_hex(SecretView bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : bytes) {
        hex.push_back(kDigits[byte >> 4]);
        hex.push_back(kDigits[byte & 15]);
    }
    return hex;
}

Algorithm algorithm_of(const VectorCase& vector) {
    const auto algorithm = parse_algorithm(vector.text("Algorithm", "sha1"));
    REQUIRE(algorithm.has_value());
    return *algorithm;
}

TotpParameters parameters_of(const VectorCase& vector) {
    return {algorithm_of(vector), static_cast<int>(vector.number("Digits", 6)), vector.number("Period", 30)};
}
