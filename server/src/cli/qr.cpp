// SPDX-License-Identifier: Apache-2.0
#include "countersign/qr.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "cli/byte_text.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kTextFlags{"--text-stdin", "--text-file", 16384};

Checked<QrLevel> read_level(const Arguments& arguments) {
    const std::string level = arguments.text("--level", "M");
    if (level == "L") return QrLevel::Low;
    if (level == "M") return QrLevel::Medium;
    if (level == "Q") return QrLevel::Quartile;
    if (level == "H") return QrLevel::High;
    return fail(UsageCode::ValueInvalid, "--level is not usable; give L, M, Q or H");
}

// Mode 0600 and never over another file: the picture is as secret as the text in it.
Checked<void> write_new_file(const std::string& path, std::string_view content) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(UsageCode::FileNotWritten, "--out " + path + " cannot be made: " + std::strerror(errno) +
                                                   "; name a file that does not exist yet");
    }
    while (!content.empty()) {
        const ssize_t count = ::write(file, content.data(), content.size());
        if (count < 0 && errno != EINTR) {
            const std::string reason = std::strerror(errno);
            ::close(file);
            ::unlink(path.c_str());
            return fail(UsageCode::FileNotWritten, "--out " + path + " cannot be written: " + reason);
        }
        content.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    ::close(file);
    return {};
}

enum class Format : unsigned char { Svg, Png, Terminal, Ascii };

Checked<Format> read_format(const Arguments& arguments) {
    const std::string format = arguments.text("--format", "svg");
    if (format == "svg") return Format::Svg;
    if (format == "png") return Format::Png;
    if (format != "terminal" && format != "ascii")
        return fail(UsageCode::ValueInvalid, "--format is not usable; give svg, png, terminal or ascii");
    if (arguments.has("--module-pixels"))
        return fail(UsageCode::FlagConflict, "--module-pixels goes with --format svg or png: a terminal has no pixels");
    return format == "terminal" ? Format::Terminal : Format::Ascii;
}

Checked<Secret> draw_in(Format format, const QrCode& code, const Arguments& arguments) {
    const auto quiet_zone = arguments.integer("--quiet-zone", QrPngOptions{}.quiet_zone_modules, 0, 1000);
    const auto pixels = arguments.integer("--module-pixels", QrPngOptions{}.module_pixels, 0, 1000);
    if (!quiet_zone) return tl::unexpected(quiet_zone.error());
    if (!pixels) return tl::unexpected(pixels.error());
    const QrPngOptions options{static_cast<int>(*quiet_zone), static_cast<int>(*pixels)};
    const auto style = format == Format::Ascii ? QrTerminalStyle::Ascii : QrTerminalStyle::HalfBlocks;
    auto drawn = format == Format::Svg   ? qr_svg(code, options)
                 : format == Format::Png ? qr_png(code, options)
                                         : qr_terminal(code, {options.quiet_zone_modules, style});
    if (!drawn) return fail(drawn.error(), "qr");
    return std::move(*drawn);
}

// Where the picture goes: into a file, or with the text forms to standard output.
Checked<Printout> hand_over(const Secret& drawn, Format format, const QrCode& code, const Arguments& arguments) {
    Printout printout;
    server::JsonText json;
    json.number("version", code.version()).number("modules", code.size());
    if (arguments.has("--out")) {
        const std::string path = arguments.text("--out");
        if (auto written = write_new_file(path, drawn.text()); !written) return tl::unexpected(written.error());
        json.text("file", path);
        printout.text = "wrote " + path + "\n";
    } else {
        if (format == Format::Png) {
            json.text("png", base64_of(drawn.bytes()));
        } else {
            json.text(format == Format::Svg ? "svg" : "text", drawn.text());
        }
        printout.text = drawn.text();
    }
    printout.json = json.take();
    return printout;
}

Checked<Printout> draw(const Arguments& arguments) {
    const auto level = read_level(arguments);
    const auto format = read_format(arguments);
    if (!level) return tl::unexpected(level.error());
    if (!format) return tl::unexpected(format.error());
    auto text = read_input(arguments, kTextFlags);
    if (!text) return tl::unexpected(text.error());
    trim_line_end(*text);

    const auto code = QrCode::encode(text->text(), {.level = *level});
    if (!code) return fail(code.error(), "qr");
    const auto drawn = draw_in(*format, *code, arguments);
    if (!drawn) return tl::unexpected(drawn.error());
    return hand_over(*drawn, *format, *code, arguments);
}

}  // namespace

Command qr_command() {
    return {.name = "qr",
            .summary = "Draw a text, most often an otpauth:// URI, as a QR code",
            .details = "Example: countersign uri build ... | countersign qr --text-stdin --out code.svg",
            .flags = {{"--text-stdin", "", "Read the text from standard input"},
                      {"--text-file", "FILE", "Read the text from FILE"},
                      {"--format", "FORMAT", "svg (default), png, terminal or ascii"},
                      {"--out", "FILE", "Write FILE, mode 0600, which must not exist (default: standard output)"},
                      {"--level", "LEVEL", "Error correction: L, M (default), Q or H"},
                      {"--quiet-zone", "MODULES", "Light border, 4 to 32 (default 4)"},
                      {"--module-pixels", "PIXELS", "Size of one module in svg and png, 4 to 64 (default 8)"}},
            .run = draw};
}

}  // namespace countersign::cli
