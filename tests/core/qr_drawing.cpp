// SPDX-License-Identifier: Apache-2.0
#include "qr_drawing.h"

#include <catch2/catch.hpp>
#include <cstdio>

Drawing draw_path(const std::string& path, int size) {
    const auto side = static_cast<std::size_t>(size);
    Drawing drawing(side, std::vector<bool>(side, false));
    const char* at = path.c_str();
    while (*at != '\0') {
        unsigned x = 0;
        unsigned y = 0;
        unsigned width = 0;
        unsigned back = 0;
        int taken = 0;
        REQUIRE(std::sscanf(at, "M%u %uh%uv1H%uz%n", &x, &y, &width, &back, &taken) == 4);
        REQUIRE(taken > 0);
        REQUIRE((back == x && y < side && width > 0 && x + width <= side));
        for (unsigned i = 0; i < width; ++i) drawing[y][x + i] = true;
        at += taken;
    }
    return drawing;
}
