// SPDX-License-Identifier: Apache-2.0
#include "countersign/qr.h"

#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "vector_file.h"

using namespace countersign;

namespace {

QrLevel level_of(const VectorCase& vector) {
    const std::map<std::string, QrLevel> levels{{"low", QrLevel::Low},
                                                {"medium", QrLevel::Medium},
                                                {"quartile", QrLevel::Quartile},
                                                {"high", QrLevel::High}};
    return levels.at(vector.text("Level", "medium"));
}

std::string rows_of(const QrCode& code) {
    std::string rows;
    for (int y = 0; y < code.size(); ++y) {
        if (y != 0) rows.push_back(' ');
        for (int x = 0; x < code.size(); x += 4) {
            int digit = 0;
            for (int i = 0; i < 4; ++i) digit = digit * 2 + (code.dark(x + i, y) ? 1 : 0);
            rows.push_back("0123456789abcdef"[digit]);
        }
    }
    return rows;
}

Answer encode(const VectorCase& vector) {
    const auto code = QrCode::encode(vector.text("Text"), {level_of(vector)});
    if (!code) return error_answer(code.error());
    return {{"Version", std::to_string(code->version())}, {"Rows", rows_of(*code)}};
}

int version_of(const std::string& text, QrLevel level) {
    const auto code = QrCode::encode(text, {level});
    return code ? code->version() : -1;
}

/// The version that holds just as many characters as the case says: one more takes the next. One kind of
/// character a version, in turn, since large symbols take their time; the package's runner asks for all three.
Answer capacity(const VectorCase& vector) {
    const std::map<std::string, char> kinds{{"Digits", '7'}, {"Capitals", 'A'}, {"Bytes", 'a'}};
    for (const auto& kind : kinds) (void)vector.number(kind.first, 0);
    const auto& [key, character] = *std::next(kinds.begin(), std::stoi(vector.fields.at("Version")) % 3);
    const auto count = static_cast<std::size_t>(vector.number(key, 0));
    const int full = version_of(std::string(count, character), level_of(vector));
    const int over = version_of(std::string(count + 1, character), level_of(vector));
    if (over != (full == 40 ? -1 : full + 1)) return {{"Version", "of one more: " + std::to_string(over)}};
    return {{"Version", std::to_string(full)}};
}

/// The level in the format information beside the upper left finder (ISO/IEC 18004, 7.9).
QrLevel printed_level(const QrCode& code) {
    const int bits = ((code.dark(0, 8) ? 2 : 0) | (code.dark(1, 8) ? 1 : 0)) ^ 2;  // 2: the format's own mask
    constexpr QrLevel kLevels[] = {QrLevel::Medium, QrLevel::Low, QrLevel::High, QrLevel::Quartile};
    return kLevels[bits];
}

}  // namespace

TEST_CASE("qr_matrix.vec: symbols equal those of an independent encoder [L32]", "[qr][vectors]") {
    run_vectors("qr_matrix.vec", {{"matrix", encode}, {"refused", encode}});
}

TEST_CASE("qr_capacity.vec: each version holds at each level what the standard says, and not one more [L32]", "[qr][vectors]") {
    run_vectors("qr_capacity.vec", {{"capacity", capacity}});
}

TEST_CASE("one more than version 40 holds is refused by name at each level, whatever it is made of [L32]", "[qr]") {
    struct Limit {
        QrLevel level;
        std::size_t digits, capitals, bytes;  // ISO/IEC 18004, table 7
        std::size_t after_digits;             // bytes that are held behind a thousand digits
    };
    // 40-L has 23648 bits, M 18672, Q 13328, H 10208; 1000 digits take 4 + 14 + 3334 of them, bytes 4 + 16 + 8 each.
    const Limit limits[] = {{QrLevel::Low, 7089, 4296, 2953, 2534},
                            {QrLevel::Medium, 5596, 3391, 2331, 1912},
                            {QrLevel::Quartile, 3993, 2420, 1663, 1244},
                            {QrLevel::High, 3057, 1852, 1273, 854}};
    for (const Limit& limit : limits) {
        const std::string digits(1000, '7');
        const std::pair<std::string, char> texts[] = {{std::string(limit.digits, '7'), '7'},
                                                      {std::string(limit.capitals, 'A'), 'A'},
                                                      {std::string(limit.bytes, 'a'), 'a'},
                                                      {std::string(limit.bytes, '\xff'), '\xff'},
                                                      {digits + std::string(limit.after_digits, 'a'), 'a'}};
        for (const auto& [text, more] : texts) {
            CHECK(QrCode::encode(text, {limit.level}).value().version() == 40);
            const auto over = QrCode::encode(text + more, {limit.level});
            REQUIRE_FALSE(over.has_value());
            CHECK(over.error().code == ErrorCode::QrTooLong);
        }
    }
}

TEST_CASE("a mixed text fills a version to the last byte of its segments", "[qr]") {
    // 40-L holds 23648 bits: 1000 digits take 4 + 14 + 3334 of them, 2534 bytes 4 + 16 + 20272.
    const std::string digits(1000, '7');
    CHECK(version_of(std::string(2534, 'a') + digits, QrLevel::Low) == 40);
    CHECK(version_of(std::string(2535, 'a') + digits, QrLevel::Low) == -1);
    // 9-L holds 1856: 100 digits take 4 + 10 + 334 and 187 bytes 4 + 8 + 1496, which is all of it.
    CHECK(version_of(std::string(187, 'a') + std::string(100, '7'), QrLevel::Low) == 9);
    CHECK(version_of(std::string(188, 'a') + std::string(100, '7'), QrLevel::Low) == 10);
    // 26-L holds 10960: 500 digits take 4 + 12 + 1667 and 1157 bytes 4 + 16 + 9256.
    CHECK(version_of(std::string(1157, 'a') + std::string(500, '7'), QrLevel::Low) == 26);
    CHECK(version_of(std::string(1158, 'a') + std::string(500, '7'), QrLevel::Low) == 27);
}

TEST_CASE("text that is empty, too long or of no known level is refused by name", "[qr]") {
    CHECK(QrCode::encode("").error().code == ErrorCode::QrEmpty);
    CHECK(QrCode::encode(std::string(2954, 'a'), {QrLevel::Low}).error().code == ErrorCode::QrTooLong);
    CHECK(QrCode::encode(std::string(100000, '1')).error().code == ErrorCode::QrTooLong);
    CHECK(QrCode::encode("a", {static_cast<QrLevel>(4)}).error().code == ErrorCode::QrOptionOutOfRange);
}

TEST_CASE("a NUL in the text is a byte like any other", "[qr]") {
    const std::string text = std::string("12") + '\0' + "34";
    REQUIRE(QrCode::encode(text).has_value());
    CHECK(rows_of(QrCode::encode(text).value()) != rows_of(QrCode::encode("12").value()));
    CHECK(rows_of(QrCode::encode(text).value()) != rows_of(QrCode::encode("1234").value()));
}

TEST_CASE("a symbol has level M or more by default, and never less than asked for [L32]", "[qr]") {
    CHECK(QrOptions{}.level == QrLevel::Medium);
    for (std::size_t size = 1; size < 300; size += 7) {
        const std::string text(size, 'a');
        CHECK(printed_level(QrCode::encode(text).value()) >= QrLevel::Medium);
        CHECK(printed_level(QrCode::encode(text, {QrLevel::High}).value()) == QrLevel::High);
    }
    // 14 bytes fill version 1 at level M: there is no room to raise it.
    CHECK(printed_level(QrCode::encode(std::string(14, 'a')).value()) == QrLevel::Medium);
}

TEST_CASE("modules are the same by place and by row, and light outside", "[qr]") {
    const auto code = QrCode::encode("otpauth://totp/ACME:alice?secret=JBSWY3DPEHPK3PXP").value();
    REQUIRE(code.size() == code.version() * 4 + 17);
    REQUIRE(code.modules().size() == static_cast<std::size_t>(code.size() * code.size()));
    for (int y = 0; y < code.size(); ++y)
        for (int x = 0; x < code.size(); ++x)
            REQUIRE((code.modules().bytes()[static_cast<std::size_t>(y * code.size() + x)] == 1) ==
                    code.dark(x, y));
    for (int i = -3; i < code.size() + 3; ++i) {
        CHECK_FALSE(code.dark(i, -1));
        CHECK_FALSE(code.dark(-1, i));
        CHECK_FALSE(code.dark(i, code.size()));
        CHECK_FALSE(code.dark(code.size(), i));
    }
}
