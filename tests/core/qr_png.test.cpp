// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "countersign/qr.h"

// Native builds only: libpng's own reader shows what is in the file.
using namespace countersign;

namespace {

struct Pixels {
    unsigned width = 0;
    unsigned height = 0;
    std::vector<unsigned char> gray;  ///< a byte a pixel
};

Pixels read_png(const Secret& file) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&image, file.bytes().data(), file.size()) != 0);
    image.format = PNG_FORMAT_GRAY;
    Pixels pixels{image.width, image.height, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
    REQUIRE(png_image_finish_read(&image, nullptr, pixels.gray.data(), 0, nullptr) != 0);
    return pixels;
}

/// How many pixels differ from the symbol drawn by the simplest rule there is.
int wrong_pixels(const Pixels& pixels, const QrCode& code, const QrPngOptions& options) {
    int wrong = 0;
    for (unsigned y = 0; y < pixels.height; ++y) {
        for (unsigned x = 0; x < pixels.width; ++x) {
            const bool dark = code.dark(static_cast<int>(x) / options.module_pixels - options.quiet_zone_modules,
                                        static_cast<int>(y) / options.module_pixels - options.quiet_zone_modules);
            wrong += pixels.gray[y * pixels.width + x] == (dark ? 0 : 255) ? 0 : 1;
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("a PNG shows each module black on white within its quiet zone [L32]", "[qr][png]") {
    const QrPngOptions options[] = {{}, {4, 4}, {5, 7}, {32, 5}, {7, 64}};
    for (const std::string& text : {std::string("1"), std::string(300, 'x')}) {
        const auto code = QrCode::encode(text).value();
        for (const auto& option : options) {
            const auto pixels = read_png(qr_png(code, option).value());
            const auto side = static_cast<unsigned>((code.size() + 2 * option.quiet_zone_modules) * option.module_pixels);
            CHECK((pixels.width == side && pixels.height == side));
            CHECK(wrong_pixels(pixels, code, option) == 0);
        }
    }
}

TEST_CASE("a PNG has one bit a pixel and says nothing but the picture", "[qr][png]") {
    const auto file = qr_png(QrCode::encode("otpauth").value()).value();
    const auto at = [&](std::size_t place) { return file.bytes()[place]; };
    CHECK(file.text().substr(0, 8) == "\x89PNG\r\n\x1a\n");
    CHECK((at(24) == 1 && at(25) == 0));  // IHDR: depth, gray
    std::string chunks;
    for (std::size_t place = 8; place + 12 <= file.size();) {
        const std::size_t length = static_cast<std::size_t>(at(place)) << 24 | static_cast<std::size_t>(at(place + 1)) << 16 |
                                   static_cast<std::size_t>(at(place + 2)) << 8 | at(place + 3);
        chunks += std::string(file.text().substr(place + 4, 4)) + " ";
        place += 12 + length;
    }
    CHECK(chunks == "IHDR IDAT IEND ");
    CHECK(file.size() < 2000);
    CHECK(qr_png(QrCode::encode("otpauth").value())->text() == file.text());
}
