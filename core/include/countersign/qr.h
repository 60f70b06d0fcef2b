// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

enum class QrLevel : unsigned char { Low, Medium, Quartile, High };

struct QrOptions {
    QrLevel level = QrLevel::Medium;  ///< the least error correction; raised when it costs no version
};

struct QrSvgOptions {
    int quiet_zone_modules = 4;  ///< 4 to 32: ISO/IEC 18004 asks for 4
    int module_pixels = 8;       ///< 4 to 64
};

using QrPngOptions = QrSvgOptions;  // both are drawn alike

enum class QrTerminalStyle : unsigned char {
    HalfBlocks,  ///< two rows a line, black on white by escape sequences, so that a dark terminal shows it too
    Ascii,       ///< `##` for a dark module, two spaces for a light one: for paper, and where text is dark on light
};

struct QrTerminalOptions {
    int quiet_zone_modules = 4;  ///< 4 to 32
    QrTerminalStyle style = QrTerminalStyle::HalfBlocks;
};

/// A QR symbol (ISO/IEC 18004 model 2). As secret as what it shows, so it is wiped.
class QrCode {
  public:
    /// The smallest symbol that holds the text at the level asked for: runs of digits, of capitals and of bytes
    /// are split so that they take the fewest bits. The text is read back as it was, case and all.
    /// @param text  any bytes; UTF-8 is what readers expect. Up to 7089 digits, 4296 capitals, 2953 bytes
    /// Errors: `qr.empty`, `qr.too_long`, `qr.option_out_of_range`.
    [[nodiscard]] static Result<QrCode> encode(std::string_view text, const QrOptions& options = {});

    [[nodiscard]] int version() const noexcept { return (size_ - 17) / 4; }  ///< 1 to 40
    [[nodiscard]] int size() const noexcept { return size_; }                ///< modules a side, 21 to 177
    /// False outside the symbol, so that the quiet zone needs no special case.
    [[nodiscard]] bool dark(int x, int y) const noexcept;
    /// `size() * size()` bytes by rows, 1 for dark.
    [[nodiscard]] const Secret& modules() const noexcept { return modules_; }

  private:
    QrCode(int size, Secret modules) noexcept : size_(size), modules_(std::move(modules)) {}
    int size_ = 0;
    Secret modules_;
};

/// The dark modules as the `d` attribute of one SVG path, in module units, without quiet zone.
[[nodiscard]] Secret qr_svg_path(const QrCode& code);

/// A whole SVG document, black on white whatever the theme, with its quiet zone.
/// Errors: `qr.option_out_of_range`.
[[nodiscard]] Result<Secret> qr_svg(const QrCode& code, const QrSvgOptions& options = {});

/// The pixels of a picture with its quiet zone, one bit each: 1 for white, 0 for black, the highest bit of a
/// byte on the left.
struct QrBitmap {
    int side = 0;  ///< pixels, of the width and of the height
    Secret rows;   ///< `side` rows of `(side + 7) / 8` bytes, from the top; the last bits of a row may be unused
};

/// Draws the pixels: what a writer of PNG, or of any other format, needs.
/// Errors: `qr.option_out_of_range`.
[[nodiscard]] Result<QrBitmap> qr_bitmap(const QrCode& code, const QrPngOptions& options = {});

/// A whole PNG file, one bit a pixel, black on white, with its quiet zone. Everything that libpng and zlib
/// allocate meanwhile is wiped. Native only: in the npm package another library writes what `qr_bitmap` draws.
/// Errors: `qr.option_out_of_range`.
[[nodiscard]] Result<Secret> qr_png(const QrCode& code, const QrPngOptions& options = {});

/// Lines of text that show the symbol in a terminal, with its quiet zone, each with its line end.
/// Errors: `qr.option_out_of_range`, also for a style that is none.
[[nodiscard]] Result<Secret> qr_terminal(const QrCode& code, const QrTerminalOptions& options = {});

}  // namespace countersign
