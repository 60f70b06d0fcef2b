// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "countersign/qr.h"
#include "qr_options.h"
#include "secret_text.h"

namespace countersign {
namespace {

// Black and white of the 256 fixed colors: the first sixteen are whatever the theme makes of them.
constexpr std::string_view kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view kThemeAgain = "\x1b[0m\n";

/// The character whose upper and lower half are inked as asked for.
constexpr std::string_view half_block(bool upper, bool lower) noexcept {
    if (upper) return lower ? "\u2588" : "\u2580";
    return lower ? "\u2584" : " ";
}

void append_half_blocks(SecretText& text, const QrCode& code, int quiet) {
    // A symbol has an odd number of rows, so the last line has a light row more.
    for (int y = -quiet; y < code.size() + quiet; y += 2) {
        text.append(kBlackOnWhite);
        for (int x = -quiet; x < code.size() + quiet; ++x) text.append(half_block(code.dark(x, y), code.dark(x, y + 1)));
        text.append(kThemeAgain);
    }
}

void append_ascii(SecretText& text, const QrCode& code, int quiet) {
    for (int y = -quiet; y < code.size() + quiet; ++y) {
        for (int x = -quiet; x < code.size() + quiet; ++x) text.append(code.dark(x, y) ? "##" : "  ");
        text.append('\n');
    }
}

}  // namespace

Result<Secret> qr_terminal(const QrCode& code, const QrTerminalOptions& options) {
    if (!is_qr_quiet_zone(options.quiet_zone_modules) || options.style > QrTerminalStyle::Ascii)
        return fail(ErrorCode::QrOptionOutOfRange);
    SecretText text(8192);
    if (options.style == QrTerminalStyle::Ascii) {
        append_ascii(text, code, options.quiet_zone_modules);
    } else {
        append_half_blocks(text, code, options.quiet_zone_modules);
    }
    return text.take();
}

}  // namespace countersign
