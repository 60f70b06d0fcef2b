// SPDX-License-Identifier: Apache-2.0
// QR symbols: modules, one SVG path, a whole SVG document, pixels, lines for a terminal.
#include <emscripten/bind.h>

#include "countersign/qr.h"
#include "values.h"

namespace countersign::wasm {
namespace {

/// @param level  0 to 3, as `QrLevel`; anything else is `qr.option_out_of_range`
Result<QrCode> encode(const val& text, int level) {
    if (level < 0 || level > static_cast<int>(QrLevel::High)) return fail(ErrorCode::QrOptionOutOfRange);
    return QrCode::encode(secret_from(text).text(), QrOptions{static_cast<QrLevel>(level)});
}

val symbol_to_js(const QrCode& code) {
    val value = val::object();
    value.set("size", code.size());
    value.set("version", code.version());
    return value;
}

val qr_modules_js(const val& text, int level) {
    return to_js(encode(text, level), [](const QrCode& code) {
        val value = symbol_to_js(code);
        value.set("modules", secret_to_js(code.modules()));
        return value;
    });
}

val qr_path_js(const val& text, int level) {
    return to_js(encode(text, level), [](const QrCode& code) {
        val value = symbol_to_js(code);
        value.set("path", secret_to_js(qr_svg_path(code)));
        return value;
    });
}

val qr_svg_js(const val& text, int level, int quiet_zone_modules, int module_pixels) {
    return to_js(encode(text, level).and_then([&](const QrCode& code) {
        return qr_svg(code, QrSvgOptions{quiet_zone_modules, module_pixels});
    }));
}

val qr_bitmap_js(const val& text, int level, int quiet_zone_modules, int module_pixels) {
    const auto bitmap = encode(text, level).and_then([&](const QrCode& code) {
        return qr_bitmap(code, QrPngOptions{quiet_zone_modules, module_pixels});
    });
    return to_js(bitmap, [](const QrBitmap& drawn) {
        val value = val::object();
        value.set("side", drawn.side);
        value.set("rows", secret_to_js(drawn.rows));
        return value;
    });
}

/// @param style  0 or 1, as `QrTerminalStyle`; anything else is `qr.option_out_of_range`
val qr_terminal_js(const val& text, int level, int quiet_zone_modules, int style) {
    const QrTerminalOptions options{quiet_zone_modules, static_cast<QrTerminalStyle>(style < 0 ? 255 : style)};
    return to_js(encode(text, level).and_then([&](const QrCode& code) { return qr_terminal(code, options); }));
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_qr) {
    emscripten::function("qrModules", &qr_modules_js);
    emscripten::function("qrPath", &qr_path_js);
    emscripten::function("qrSvg", &qr_svg_js);
    emscripten::function("qrBitmap", &qr_bitmap_js);
    emscripten::function("qrTerminal", &qr_terminal_js);
}

}  // namespace countersign::wasm
