// SPDX-License-Identifier: Apache-2.0
#include "countersign/security_codes.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>

#include "vector_file.h"

using namespace countersign;

namespace {

const std::string kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const std::string kSample = "K7QF2M9XTRB4V3HF";

Answer read_typed(const VectorCase& vector) {
    const auto code = read_security_code(vector.text("Typed"));
    if (!code) return error_answer(code.error());
    return {{"Code", std::string(code->text())},
            {"Grouped", std::string(format_security_code(vector.text("Typed"))->text())}};
}

/// A code by values, and the check over GF(32) done another way than in the core: by sums of powers.
using Values = std::array<unsigned, kSecurityCodeSymbols>;

unsigned times(unsigned a, unsigned b) {
    unsigned product = 0;
    for (unsigned bit = 0; bit < 5; ++bit)
        if ((b >> bit & 1U) != 0) product ^= a << bit;
    for (unsigned bit = 9; bit-- > 5;)
        if ((product >> bit & 1U) != 0) product ^= 0x25U << (bit - 5);
    return product;
}

unsigned sum_of(const Values& values) {
    unsigned sum = 0;
    unsigned power = 1;
    for (std::size_t i = values.size(); i-- > 0; power = times(power, 2)) sum ^= times(power, values[i]);
    return sum;
}

std::string text_of(const Values& values) {
    std::string text;
    for (const unsigned value : values) text.push_back(kAlphabet[value]);
    return text;
}

bool is_bad_check(const std::string& code) {
    const auto read = read_security_code(code);
    return !read && read.error().code == ErrorCode::SecurityCodeBadCheck;
}

}  // namespace

TEST_CASE("security_code.vec: codes as people type them [R25] [L4]", "[security_codes][vectors]") {
    run_vectors("security_code.vec", {{"read", read_typed}});
}

TEST_CASE("every wrong symbol at every place is found [R25]", "[security_codes]") {
    // The check is linear: the difference of two codes decides, so one code proves it for all.
    int found = 0;
    for (const std::string& code : {kSample, std::string(16, '0')}) {
        for (std::size_t place = 0; place < kSecurityCodeSymbols; ++place) {
            for (const char symbol : kAlphabet) {
                std::string wrong = code;
                wrong[place] = symbol;
                if (symbol == code[place]) continue;
                found += is_bad_check(wrong) ? 1 : 0;
            }
        }
    }
    CHECK(found == 2 * 16 * 31);
}

TEST_CASE("every swap of two symbols is found, for every pair of places and values [R25]", "[security_codes]") {
    int swaps = 0;
    int found = 0;
    for (std::size_t i = 0; i < kSecurityCodeSymbols; ++i) {
        for (std::size_t j = i + 1; j < kSecurityCodeSymbols; ++j) {
            const std::size_t free = i != 0 ? 0 : (j != 1 ? 1 : 2);  // is set so that the code is valid
            for (unsigned pair = 0; pair < 32 * 32; ++pair) {
                Values values{};
                values[i] = pair / 32;
                values[j] = pair % 32;
                if (values[i] == values[j]) continue;
                while (sum_of(values) != 0) ++values[free];
                if (!read_security_code(text_of(values))) continue;  // then too few are found
                std::swap(values[i], values[j]);
                ++swaps;
                found += is_bad_check(text_of(values)) ? 1 : 0;
            }
        }
    }
    CHECK(swaps == 120 * 32 * 31);
    CHECK(found == swaps);
}

TEST_CASE("a made code is read as itself, and grouped in fours [R25]", "[security_codes]") {
    std::set<std::string> seen;
    for (int round = 0; round < 1000; ++round) {
        const Secret code = make_security_code();
        REQUIRE(code.size() == kSecurityCodeSymbols);
        const auto grouped = format_security_code(code.text()).value();
        CHECK(grouped.size() == 19);
        CHECK(grouped.text()[4] == '-');
        CHECK(read_security_code(grouped.text())->text() == code.text());
        seen.insert(std::string(code.text()));
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("each symbol is made equally often at each random place", "[security_codes]") {
    constexpr int kRounds = 32 * 1000;
    std::array<std::array<int, 32>, kSecurityCodeSymbols> count{};
    for (int round = 0; round < kRounds; ++round) {
        const Secret code = make_security_code();
        for (std::size_t i = 0; i < kSecurityCodeSymbols; ++i) ++count[i][kAlphabet.find(code.text()[i])];
    }
    const auto chi_squared = [](const std::array<int, 32>& seen, double expected) {
        double sum = 0;
        for (const int times : seen) sum += (times - expected) * (times - expected) / expected;
        return sum;
    };
    constexpr double kLimit = 110;  // 31 degrees of freedom: by chance once in 10^10
    for (const auto& of_place : count) CHECK(chi_squared(of_place, 1000) < kLimit);

    // Together the random places show the bias of a single byte of 256.
    std::array<int, 32> together{};
    for (std::size_t i = 0; i + 1 < kSecurityCodeSymbols; ++i)
        for (std::size_t value = 0; value < 32; ++value) together[value] += count[i][value];
    CHECK(chi_squared(together, 15 * 1000) < kLimit);
}

TEST_CASE("text that is not UTF-8 is no security code [L4]", "[security_codes]") {
    for (const std::string code : {"K7QF2M9XTRB4V3H\xff", "\xc0\xb0K7QF2M9XTRB4V3HF", "K7QF2M9XTRB4V3HF\xef\xbc"})
        CHECK(read_security_code(code).error().code == ErrorCode::SecurityCodeBadSymbol);
}
