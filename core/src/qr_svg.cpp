// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "countersign/qr.h"
#include "qr_options.h"
#include "secret_text.h"

namespace countersign {
namespace {

void append_number(SecretText& text, int number) {
    if (number < 0) text.append('-');
    text.append_number(static_cast<std::uint64_t>(number < 0 ? -number : number));
}

/// One closed rectangle for the dark run that begins at (x, y); returns where the run ends.
int append_run(SecretText& path, const QrCode& code, int x, int y) {
    int end = x;
    while (code.dark(end, y)) ++end;
    path.append('M');
    append_number(path, x);
    path.append(' ');
    append_number(path, y);
    path.append('h');
    append_number(path, end - x);
    path.append("v1H");
    append_number(path, x);
    path.append('z');
    return end;
}

}  // namespace

Secret qr_svg_path(const QrCode& code) {
    SecretText path(8192);
    for (int y = 0; y < code.size(); ++y)
        for (int x = 0; x < code.size(); ++x)
            if (code.dark(x, y)) x = append_run(path, code, x, y);
    return path.take();
}

Result<Secret> qr_svg(const QrCode& code, const QrSvgOptions& options) {
    if (!is_qr_quiet_zone(options.quiet_zone_modules) || !is_qr_module_size(options.module_pixels))
        return fail(ErrorCode::QrOptionOutOfRange);
    const int side = code.size() + 2 * options.quiet_zone_modules;

    SecretText svg(8192);
    svg.append(R"(<svg xmlns="http://www.w3.org/2000/svg" width=")");
    append_number(svg, side * options.module_pixels);
    svg.append(R"(" height=")");
    append_number(svg, side * options.module_pixels);
    svg.append(R"(" viewBox=")");
    for (int i = 0; i < 2; ++i) {
        append_number(svg, -options.quiet_zone_modules);
        svg.append(' ');
    }
    append_number(svg, side);
    svg.append(' ');
    append_number(svg, side);
    // Attributes, not a style element: a strict content security policy would drop that.
    svg.append(R"(" shape-rendering="crispEdges"><rect x=")");
    append_number(svg, -options.quiet_zone_modules);
    svg.append(R"(" y=")");
    append_number(svg, -options.quiet_zone_modules);
    svg.append(R"(" width="100%" height="100%" fill="#fff"/><path fill="#000" d=")");
    svg.append(qr_svg_path(code).text());
    svg.append(R"("/></svg>)");
    svg.append('\n');
    return svg.take();
}

}  // namespace countersign
