// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// What a browser would paint for the path of a QR symbol: rows of modules, true for dark.
using Drawing = std::vector<std::vector<bool>>;

/// Draws the `d` attribute of an SVG path that consists of `Mx yhWv1Hxz` alone; fails the test for any
/// other command.
[[nodiscard]] Drawing draw_path(const std::string& path, int size);
