// SPDX-License-Identifier: Apache-2.0
// The native side of tests/differential: answers one line for each line of standard input, so that
// thousands of cases take one process.
//
//   totp ALGORITHM DIGITS PERIOD TIME SECRET CODE      SECRET in hexadecimal, CODE what others say
//   hotp ALGORITHM DIGITS COUNTER SECRET CODE
//
// and the answer: the code made, the outcome of checking CODE with no tolerance, the matched place; or
//
//   seal PUBLIC-KEY SESSION USER PENDING-ID MESSAGE    each in hexadecimal after an `x`, so that it may be empty
//
// and the answer: the sealed box in hexadecimal.
#include <charconv>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "countersign/hotp.h"
#include "countersign/sealed_box.h"
#include "countersign/totp.h"

using namespace countersign;

namespace {

template <class Number>
Number read_number(std::istream& words) {
    std::string word;
    words >> word;
    Number number{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size()) words.setstate(std::ios::failbit);
    return number;
}

std::vector<std::uint8_t> read_bytes(std::istream& words) {
    std::string hex;
    words >> hex;
    std::vector<std::uint8_t> bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) std::from_chars(&hex[2 * i], &hex[2 * i] + 2, bytes[i], 16);
    return bytes;
}

Algorithm read_algorithm(std::istream& words) {
    std::string name;
    words >> name;
    const auto algorithm = parse_algorithm(name);
    if (!algorithm) words.setstate(std::ios::failbit);
    return algorithm.value_or(Algorithm::Sha1);
}

template <class Verdict, class Place>
std::string told(const Result<Secret>& made, const Result<Verdict>& verdict, Place place) {
    if (!made) return std::string(error_name(made.error().code));
    if (!verdict) return std::string(error_name(verdict.error().code));
    return std::string(made->text()) + ' ' + std::string(outcome_name(verdict->outcome)) + ' ' +
           std::to_string(place(*verdict));
}

std::string answer_totp(std::istream& words) {
    VerifyOptions options;
    options.past_steps = 0;
    options.future_steps = 0;
    options.parameters.algorithm = read_algorithm(words);
    options.parameters.digits = read_number<int>(words);
    options.parameters.period_seconds = read_number<std::int64_t>(words);
    const UnixSeconds time{read_number<std::int64_t>(words)};
    const auto secret = read_bytes(words);
    std::string code;
    words >> code;
    return told(generate_totp(secret, time, options.parameters), verify_totp(secret, code, time, options),
                [](const Verdict& verdict) { return verdict.step.value; });
}

std::string answer_hotp(std::istream& words) {
    HotpVerifyOptions options;
    options.look_ahead = 0;
    options.parameters.algorithm = read_algorithm(words);
    options.parameters.digits = read_number<int>(words);
    const auto counter = read_number<std::uint64_t>(words);
    if (counter != 0) options.last_used = counter - 1;
    const auto secret = read_bytes(words);
    std::string code;
    words >> code;
    return told(generate_hotp(secret, counter, options.parameters), verify_hotp(secret, code, options),
                [](const HotpVerdict& verdict) { return verdict.counter; });
}

/// What follows the `x`, as text of any bytes.
std::string read_text(std::istream& words) {
    words >> std::ws;
    if (words.get() != 'x') words.setstate(std::ios::failbit);
    const auto next = words.peek();
    const bool at_end = next == std::char_traits<char>::eof();
    if (at_end) words.clear();
    if (at_end || next == ' ') return {};
    const auto bytes = read_bytes(words);
    return {bytes.begin(), bytes.end()};
}

std::string answer_seal(std::istream& words) {
    const Secret key(std::string_view(read_text(words)));
    const std::string session = read_text(words);
    const std::string user = read_text(words);
    const std::string pending_id = read_text(words);
    const Secret message{std::string_view(read_text(words))};
    const auto sealed = seal_box(key.bytes(), {session, user, pending_id}, message.bytes());
    if (!sealed) return std::string(error_name(sealed.error().code));
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : sealed->bytes()) {
        hex += kHex[byte >> 4];
        hex += kHex[byte & 15U];
    }
    return hex;
}

std::string answer_to(const std::string& kind, std::istream& words) {
    if (kind == "totp") return answer_totp(words);
    if (kind == "hotp") return answer_hotp(words);
    if (kind == "seal") return answer_seal(words);
    words.setstate(std::ios::failbit);
    return {};
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        const std::string answer = answer_to(kind, words);
        if (!words) {
            std::cerr << "not understood: " << line << '\n';
            return 2;
        }
        std::cout << answer << '\n';
    }
    return 0;
}
