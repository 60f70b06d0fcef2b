// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "countersign/qr.h"
#include "qr_drawing.h"

using namespace countersign;

namespace {

QrCode sample(std::size_t extra = 0) {
    return QrCode::encode("otpauth://totp/ACME:alice?secret=JBSWY3DPEHPK3PXP" + std::string(extra, 'x')).value();
}

bool contains(std::string_view text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("the path paints exactly the dark modules", "[qr]") {
    for (const std::size_t extra : {0U, 100U, 1000U}) {
        const QrCode code = sample(extra);
        const Secret path = qr_svg_path(code);
        const Drawing drawing = draw_path(std::string(path.text()), code.size());
        for (int y = 0; y < code.size(); ++y)
            for (int x = 0; x < code.size(); ++x)
                REQUIRE(drawing[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == code.dark(x, y));
    }
}

TEST_CASE("the SVG is black on white with 4 quiet modules and 8 pixels a module [L32]", "[qr]") {
    const QrCode code = sample();
    const auto svg = qr_svg(code).value();
    const std::string side = std::to_string(code.size() + 8);
    const std::string pixels = std::to_string((code.size() + 8) * 8);
    CHECK(svg.text() == "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + pixels + "\" height=\"" + pixels +
                            "\" viewBox=\"-4 -4 " + side + " " + side +
                            "\" shape-rendering=\"crispEdges\"><rect x=\"-4\" y=\"-4\" width=\"100%\" "
                            "height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"" +
                            std::string(qr_svg_path(code).text()) + "\"/></svg>\n");
    CHECK_FALSE(contains(svg.text(), "currentColor"));
    CHECK_FALSE(contains(svg.text(), "style"));
}

TEST_CASE("no option makes a QR code too tight or too small to read [L32]", "[qr]") {
    const QrCode code = sample();
    for (const int quiet : {-1, 0, 3, 33, 1 << 30})
        CHECK(qr_svg(code, {quiet, 8}).error().code == ErrorCode::QrOptionOutOfRange);
    for (const int pixels : {-8, 0, 1, 3, 65, 1 << 30})
        CHECK(qr_svg(code, {4, pixels}).error().code == ErrorCode::QrOptionOutOfRange);
    for (const int quiet : {4, 10, 32}) {
        const auto svg = qr_svg(code, {quiet, 4}).value();
        const int side = code.size() + 2 * quiet;
        CHECK(contains(svg.text(), "width=\"" + std::to_string(side * 4) + "\""));
        CHECK(contains(svg.text(), "viewBox=\"-" + std::to_string(quiet) + " -" + std::to_string(quiet) + " " +
                                       std::to_string(side)));
    }
    CHECK(qr_svg(code, {32, 64}).has_value());
}
