// SPDX-License-Identifier: Apache-2.0
#include "countersign/qr.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

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

Checked<Printout> draw(const Arguments& arguments) {
    const auto level = read_level(arguments);
    const auto quiet_zone = arguments.integer("--quiet-zone", QrSvgOptions{}.quiet_zone_modules, 0, 1000);
    const auto pixels = arguments.integer("--module-pixels", QrSvgOptions{}.module_pixels, 0, 1000);
    if (!level) return tl::unexpected(level.error());
    if (!quiet_zone) return tl::unexpected(quiet_zone.error());
    if (!pixels) return tl::unexpected(pixels.error());
    auto text = read_input(arguments, kTextFlags);
    if (!text) return tl::unexpected(text.error());
    trim_line_end(*text);

    const auto code = QrCode::encode(text->text(), {.level = *level});
    if (!code) return fail(code.error(), "qr");
    const auto svg = qr_svg(*code, {.quiet_zone_modules = static_cast<int>(*quiet_zone),
                                    .module_pixels = static_cast<int>(*pixels)});
    if (!svg) return fail(svg.error(), "qr");

    Printout printout;
    server::JsonText json;
    json.number("version", code->version()).number("modules", code->size());
    if (arguments.has("--out")) {
        const std::string path = arguments.text("--out");
        if (auto written = write_new_file(path, svg->text()); !written) return tl::unexpected(written.error());
        json.text("file", path);
        printout.text = "wrote " + path + "\n";
    } else {
        json.text("svg", svg->text());
        printout.text = svg->text();
        printout.text += printout.text.ends_with('\n') ? "" : "\n";
    }
    printout.json = json.take();
    return printout;
}

}  // namespace

Command qr_command() {
    return {.name = "qr",
            .summary = "Draw a text, most often an otpauth:// URI, as a QR code in SVG",
            .details = "Example: countersign uri build ... | countersign qr --text-stdin --out code.svg",
            .flags = {{"--text-stdin", "", "Read the text from standard input"},
                      {"--text-file", "FILE", "Read the text from FILE"},
                      {"--out", "FILE", "Write FILE, mode 0600, which must not exist (default: standard output)"},
                      {"--level", "LEVEL", "Error correction: L, M (default), Q or H"},
                      {"--quiet-zone", "MODULES", "Light border, 4 to 32 (default 4)"},
                      {"--module-pixels", "PIXELS", "Size of one module, 4 to 64 (default 8)"}},
            .run = draw};
}

}  // namespace countersign::cli
