// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "countersign/qr.h"

using namespace countersign;

namespace {

bool is_white(const QrBitmap& bitmap, int x, int y) {
    const auto row_bytes = static_cast<std::size_t>(bitmap.side + 7) / 8;
    const auto byte = bitmap.rows.bytes()[static_cast<std::size_t>(y) * row_bytes + static_cast<std::size_t>(x) / 8];
    return (byte >> (7 - x % 8) & 1) != 0;
}

}  // namespace

TEST_CASE("a bitmap has every module at its place, and white around [L32]", "[qr][bitmap]") {
    const QrPngOptions options[] = {{}, {4, 4}, {32, 5}, {5, 11}};
    const auto code = QrCode::encode("the bitmap of a symbol, version 2 or more").value();
    for (const auto& option : options) {
        const auto bitmap = qr_bitmap(code, option).value();
        REQUIRE(bitmap.side == (code.size() + 2 * option.quiet_zone_modules) * option.module_pixels);
        REQUIRE(bitmap.rows.size() == static_cast<std::size_t>((bitmap.side + 7) / 8 * bitmap.side));
        int wrong = 0;
        for (int y = 0; y < bitmap.side; ++y)
            for (int x = 0; x < bitmap.side; ++x)
                wrong += is_white(bitmap, x, y) != code.dark(x / option.module_pixels - option.quiet_zone_modules,
                                                             y / option.module_pixels - option.quiet_zone_modules)
                             ? 0
                             : 1;
        CHECK(wrong == 0);
    }
}

TEST_CASE("a picture keeps to its ranges, ends included [L32]", "[qr][bitmap]") {
    const auto code = QrCode::encode("1").value();
    for (const QrPngOptions option : {QrPngOptions{4, 4}, QrPngOptions{32, 4}, QrPngOptions{4, 64}}) {
        CHECK(qr_bitmap(code, option).has_value());
        CHECK(qr_svg(code, option).has_value());
    }
    for (const QrPngOptions option : {QrPngOptions{3, 8}, QrPngOptions{33, 8}, QrPngOptions{4, 3}, QrPngOptions{4, 65},
                                      QrPngOptions{-4, 8}, QrPngOptions{4, -8}, QrPngOptions{1 << 30, 1 << 30}}) {
        CHECK(qr_bitmap(code, option).error().code == ErrorCode::QrOptionOutOfRange);
        CHECK(qr_svg(code, option).error().code == ErrorCode::QrOptionOutOfRange);
    }
    for (const int quiet_zone : {4, 32}) CHECK(qr_terminal(code, {quiet_zone, QrTerminalStyle::Ascii}).has_value());
    for (const int quiet_zone : {-1, 0, 3, 33}) CHECK(qr_terminal(code, {quiet_zone}).error().code == ErrorCode::QrOptionOutOfRange);
    CHECK(qr_terminal(code, {4, static_cast<QrTerminalStyle>(2)}).error().code == ErrorCode::QrOptionOutOfRange);
}
