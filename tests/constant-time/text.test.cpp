// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "countersign/base32.h"
#include "countersign/code_stretch.h"
#include "countersign/security_codes.h"
#include "countersign/totp.h"
#include "undefined.h"

using namespace countersign;
using namespace constant_time;

// Secrets as text. Public are the length, which characters are separators or padding, and whether the text
// was sound; the symbols are not, wrong ones included.

namespace {

constexpr std::string_view kSymbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What a table from characters to values looks like.
constexpr auto kValues = [] {
    std::array<std::int8_t, 256> values{};
    for (auto& value : values) value = -1;
    for (std::size_t i = 0; i < kSymbols.size(); ++i)
        values[static_cast<unsigned char>(kSymbols[i])] = static_cast<std::int8_t>(i);
    return values;
}();

}  // namespace

TEST_CASE("base32 is read without a branch or a lookup by a symbol, sound or not", "[base32]") {
    const std::string alphabet(kSymbols);
    for (const std::string& text :
         {alphabet, std::string("abcdefghijklmnopqrstuvwxyz234567"), std::string("MZXW 6YTB-OI"),
          std::string("MZXW6YQ="), std::string("MZXW6YTBO1"), std::string("MZXW6YTBOJ"), std::string("MZXW6!TB")}) {
        const Secret typed = secret_of(text);
        Result<Secret> bytes;
        CHECK(leaks_of([&] { bytes = decode_base32(typed.text()); }) == 0);
        const bool sound = text.find_first_of("1!") == std::string::npos && text.back() != 'J';
        CHECK(bytes.has_value() == sound);
    }
}

TEST_CASE("leaky twin: base32 read by a table, and by branches", "[twin]") {
    const Secret typed = secret_of(kSymbols);
    volatile int value = 0;
    CHECK(leaks_of([&] {
              for (const std::uint8_t c : typed.bytes()) value = kValues[c];
          }) > 0);
    CHECK(leaks_of([&] {
              for (const std::uint8_t c : typed.bytes()) value = c >= 'A' ? value + 1 : value * 3;
          }) > 0);
}

TEST_CASE("base32 is written without a branch or a lookup by a bit of the seed", "[base32]") {
    const Secret seed = secret_of("12345678901234567890");
    Secret text;
    CHECK(leaks_of([&] { text = encode_base32(seed.bytes()); }) == 0);
    mark_known(text.bytes());
    CHECK(text.text() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST_CASE("leaky twin: base32 written by a table", "[twin]") {
    const Secret seed = secret_of("1");
    volatile char symbol = 0;
    CHECK(leaks_of([&] { symbol = kSymbols[seed.bytes()[0] >> 3]; }) > 0);
}

TEST_CASE("a code as typed is folded by its separators, not by its symbols", "[fold]") {
    for (const std::string_view text : {"123 456", "K7QF-2M9X", "12\t34\n56"}) {
        const Secret typed = secret_of(text);
        Secret folded;
        CHECK(leaks_of([&] { folded = fold_code(typed.text()); }) == 0);
        CHECK(folded.size() < text.size());
    }
}

TEST_CASE("leaky twin: digits kept by a comparison of each", "[twin]") {
    const Secret typed = secret_of("123456");
    volatile unsigned kept = 0;
    CHECK(leaks_of([&] {
              for (const std::uint8_t c : typed.bytes())
                  if (c >= '0' && c <= '9') kept = kept + 1;
          }) > 0);
}

TEST_CASE("security codes are read and grouped without a branch or a lookup by a symbol [R25]", "[codes]") {
    for (const std::string_view text : {"K7QF-2M9X-TRB4-V3HF", "k7qf2m9xtrb4v3hf", "K7QF 2M9X TRB4 V3HG",
                                        "K7QF-2M9X-TRB4-V3HU", "K7QF-2M9X-TRB4-V3H"}) {
        const Secret typed = secret_of(text);
        Result<Secret> canonical;
        CHECK(leaks_of([&] { canonical = read_security_code(typed.text()); }) == 0);
        const bool sound = text.back() == 'F' && text.size() == 19;
        CHECK(canonical.has_value() == (sound || text.front() == 'k'));
        Result<Secret> grouped;
        CHECK(leaks_of([&] { grouped = format_security_code(typed.text()); }) == 0);
        CHECK(grouped.has_value() == canonical.has_value());
    }
}

TEST_CASE("leaky twin: a symbol looked for in the alphabet until it is found", "[twin]") {
    const Secret typed = secret_of("K7QF2M9XTRB4V3HF");
    volatile std::size_t at = 0;
    CHECK(leaks_of([&] {
              static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
              for (const char c : typed.text()) at = kAlphabet.find(c);
          }) > 0);
}

TEST_CASE("stretching: up to Argon2id the code steers nothing", "[stretch]") {
    // Argon2id itself addresses its matrix by its contents in the second half of the first pass and after:
    // RFC 9106 means it to. valgrind.supp lets that function alone do so.
    const Secret typed = secret_of("K7QF-2M9X-TRB4-V3HF");
    const Secret salt = secret_of("0123456789abcdef");
    Result<Secret> stretched;
    CHECK(leaks_of([&] { stretched = stretch_security_code(typed.text(), salt.bytes()); }) == 0);
    CHECK(stretched->size() == kStretchedBytes);
}
