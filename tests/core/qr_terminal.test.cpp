// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "countersign/qr.h"

using namespace countersign;

namespace {

/// What a terminal shows: two rows a line, of cells that are inked black on a white ground or not.
using Screen = std::vector<std::vector<bool>>;

/// A terminal that knows the one way of coloring that these lines may use. Every cell has to be colored.
void print_line(Screen& screen, std::string line) {
    const std::string begin = "\x1b[38;5;16;48;5;231m";
    const std::string end = "\x1b[0m";
    REQUIRE(line.substr(0, begin.size()) == begin);
    REQUIRE(line.substr(line.size() - end.size()) == end);
    line = line.substr(begin.size(), line.size() - begin.size() - end.size());
    std::vector<bool> upper;
    std::vector<bool> lower;
    for (std::size_t at = 0; at < line.size();) {
        const std::string block = line.substr(at, line[at] == ' ' ? 1 : 3);
        REQUIRE((block == " " || block == "\xe2\x96\x80" || block == "\xe2\x96\x84" || block == "\xe2\x96\x88"));
        upper.push_back(block == "\xe2\x96\x80" || block == "\xe2\x96\x88");
        lower.push_back(block == "\xe2\x96\x84" || block == "\xe2\x96\x88");
        at += block.size();
    }
    screen.push_back(upper);
    screen.push_back(lower);
}

std::vector<std::string> lines_of(const Secret& text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string(text.text())};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    CHECK(text.text().back() == '\n');
    return lines;
}

/// How many cells differ from the symbol with its quiet zone.
int wrong_cells(const Screen& screen, const QrCode& code, int quiet_zone) {
    int wrong = 0;
    for (std::size_t y = 0; y < screen.size(); ++y)
        for (std::size_t x = 0; x < screen[y].size(); ++x)
            wrong += screen[y][x] == code.dark(static_cast<int>(x) - quiet_zone, static_cast<int>(y) - quiet_zone) ? 0 : 1;
    return wrong;
}

}  // namespace

TEST_CASE("a terminal shows the symbol black on white, with its quiet zone, whatever its theme [L32]", "[qr][terminal]") {
    for (const int quiet_zone : {4, 5, 32}) {
        const auto code = QrCode::encode(std::string(60, 'x')).value();
        Screen screen;
        for (const auto& line : lines_of(qr_terminal(code, {quiet_zone}).value())) print_line(screen, line);
        const auto side = static_cast<std::size_t>(code.size() + 2 * quiet_zone);
        CHECK(screen.size() == side + 1);  // two rows a line, and the side is odd
        for (const auto& row : screen) REQUIRE(row.size() == side);
        CHECK(wrong_cells(screen, code, quiet_zone) == 0);
    }
}

TEST_CASE("the plain form is ASCII alone, two characters a module", "[qr][terminal]") {
    const auto code = QrCode::encode(std::string(60, 'x')).value();
    Screen screen;
    for (const auto& line : lines_of(qr_terminal(code, {6, QrTerminalStyle::Ascii}).value())) {
        std::vector<bool> row;
        REQUIRE(line.size() % 2 == 0);
        for (std::size_t at = 0; at < line.size(); at += 2) {
            REQUIRE((line.substr(at, 2) == "##" || line.substr(at, 2) == "  "));
            row.push_back(line[at] == '#');
        }
        screen.push_back(row);
    }
    const auto side = static_cast<std::size_t>(code.size() + 2 * 6);
    CHECK(screen.size() == side);
    for (const auto& row : screen) REQUIRE(row.size() == side);
    CHECK(wrong_cells(screen, code, 6) == 0);
}
