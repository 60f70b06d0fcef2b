// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "countersign/base32.h"
#include "countersign/security_codes.h"
#include "countersign/totp.h"
#include "property.h"
#include "vector_file.h"

using namespace countersign;

namespace {

/// How people spell what they copy: in any case, with separators anywhere.
std::string as_typed(Draw& draw, std::string_view text, const std::vector<std::string>& separators) {
    std::string typed;
    for (const char c : text) {
        if (draw.between(0, 4) == 0) typed += draw.text(separators, 1, 2);
        typed += draw.coin() && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return typed;
}

/// Without what `decode_base32` lets be dropped, in upper case.
std::string bare(const std::string& text) {
    std::string kept;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '=') kept += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return kept;
}

const std::vector<std::string> kUnicodeSeparators{" ",            "-",            "\t",          "\xc2\xa0",
                                                  "\xe2\x80\x93", "\xe2\x88\x92", "\xe3\x80\x80"};

}  // namespace

TEST_CASE("base32: bytes survive, with padding and without, as written and as typed", "[property][base32]") {
    for_all("base32 round trip", 2000, [](Draw& draw) {
        const auto bytes = draw.bytes(0, 100);
        const auto padding = draw.coin() ? Base32Padding::None : Base32Padding::Padded;
        const Secret text = encode_base32(bytes, padding);
        CHECK(to_hex(decode_base32(text.text())->bytes()) == to_hex(bytes));
        const std::string typed = as_typed(draw, text.text(), {" ", "-", "\t", "\r\n"});
        CHECK(to_hex(decode_base32(typed)->bytes()) == to_hex(bytes));
    });
}

TEST_CASE("base32: whatever is accepted has one canonical form, which reads as itself", "[property][base32]") {
    for_all("base32 canonical", 5000, [](Draw& draw) {
        const std::string text = draw.text({"A", "b", "7", "2", "Q", "=", " ", "-", "1"}, 0, 17);
        const auto decoded = decode_base32(text);
        if (!decoded) return;
        const Secret canonical = encode_base32(decoded->bytes());
        CHECK(canonical.text() == bare(text));  // no second spelling by unused bits
        const auto again = decode_base32(canonical.text());
        REQUIRE(again.has_value());
        CHECK(encode_base32(again->bytes()).text() == canonical.text());
    });
}

TEST_CASE("folding a typed code twice is folding it once, and leaves digits alone [R14b] [L4]", "[property][fold]") {
    std::vector<std::string> characters = kUnicodeSeparators;
    for (const char* more : {"0", "9", "a", "\xef\xbc\x95", "\xd9\xa3", "\xdb\xb4", "\xc3\xa9", "\xf0\x9f\x94\x91"})
        characters.emplace_back(more);
    for_all("fold idempotent", 5000, [&](Draw& draw) {
        const std::string typed = draw.text(characters, 0, 30);
        const Secret once = fold_code(typed);
        CHECK(fold_code(once.text()).text() == once.text());
        const std::string digits = draw.text({"0", "1", "5", "9"}, 6, 10);
        CHECK(fold_code(digits).text() == digits);
        CHECK(fold_code(as_typed(draw, digits, kUnicodeSeparators)).text() == digits);
    });
}

TEST_CASE("security codes: made, grouped, typed and read is the same code [R25]", "[property][security_codes]") {
    for_all("security code round trip", 2000, [](Draw& draw) {
        const Secret code = make_security_code();
        const Secret grouped = format_security_code(code.text()).value();
        CHECK(read_security_code(grouped.text())->text() == code.text());
        std::string typed = as_typed(draw, code.text(), kUnicodeSeparators);
        for (char& c : typed) {
            if (c == '0' && draw.coin()) c = draw.coin() ? 'o' : 'O';
            if (c == '1' && draw.coin()) c = draw.coin() ? 'l' : 'I';
        }
        INFO(typed);
        const auto read = read_security_code(typed);
        REQUIRE(read.has_value());
        CHECK(read->text() == code.text());
        CHECK(read_security_code(read->text())->text() == read->text());
        CHECK(format_security_code(typed)->text() == grouped.text());
    });
}
