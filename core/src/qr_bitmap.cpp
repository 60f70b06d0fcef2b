// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "countersign/qr.h"
#include "qr_options.h"

namespace countersign {
namespace {

/// The first pixel, from the left or from the top, of a module.
std::size_t first_pixel(int module, const QrPngOptions& options) {
    return static_cast<std::size_t>(module + options.quiet_zone_modules) *
           static_cast<std::size_t>(options.module_pixels);
}

/// Draws one row of modules into a row of white pixels.
void draw_row(std::span<std::uint8_t> row, const QrCode& code, int y, const QrPngOptions& options) {
    for (int x = 0; x < code.size(); ++x) {
        if (!code.dark(x, y)) continue;
        const auto begin = first_pixel(x, options);
        for (std::size_t i = begin; i < begin + static_cast<std::size_t>(options.module_pixels); ++i)
            row[i / 8] = static_cast<std::uint8_t>(row[i / 8] & ~(0x80U >> i % 8));
    }
}

}  // namespace

Result<QrBitmap> qr_bitmap(const QrCode& code, const QrPngOptions& options) {
    if (!is_qr_quiet_zone(options.quiet_zone_modules) || !is_qr_module_size(options.module_pixels))
        return fail(ErrorCode::QrOptionOutOfRange);
    const int side = (code.size() + 2 * options.quiet_zone_modules) * options.module_pixels;
    const auto row_bytes = static_cast<std::size_t>(side + 7) / 8;
    QrBitmap bitmap{side, Secret(row_bytes * static_cast<std::size_t>(side))};
    const auto rows = bitmap.rows.writable();
    std::fill(rows.begin(), rows.end(), std::uint8_t{0xff});
    for (int y = 0; y < code.size(); ++y) {
        const auto top = first_pixel(y, options);
        const auto first = rows.subspan(top * row_bytes, row_bytes);
        draw_row(first, code, y, options);
        for (std::size_t i = 1; i < static_cast<std::size_t>(options.module_pixels); ++i)
            std::copy(first.begin(), first.end(), rows.subspan((top + i) * row_bytes).begin());
    }
    return bitmap;
}

}  // namespace countersign
