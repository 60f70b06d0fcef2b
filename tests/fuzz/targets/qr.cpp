// SPDX-License-Identifier: Apache-2.0
// QR: the split covers the text, is counted right and never costs more than one segment; the symbol is the
// smallest of what the level allows, has its fixed patterns, and is drawn whole.
#include "countersign/qr.h"

#include <algorithm>
#include <string>

#include "qr_segments.h"
#include "require.h"

using namespace countersign;

namespace {

constexpr std::size_t kMaxTextBytes = 7089;

std::size_t bits_of_run(QrMode mode, std::size_t size, const QrVersionRange& range) {
    constexpr std::size_t kLeftDigits[] = {0, 4, 7};
    const std::size_t head = 4U + range.count_bits[static_cast<std::size_t>(mode)];
    if (mode == QrMode::Numeric) return head + size / 3 * 10 + kLeftDigits[size % 3];
    if (mode == QrMode::Alphanumeric) return head + size / 2 * 11 + size % 2 * 6;
    return head + size * 8;
}

void check_split(std::string_view text, const QrVersionRange& range) {
    const QrSplit split = split_qr_text(text, range);
    require(split.modes.size() == text.size(), "every byte has a mode");
    std::size_t bits = 0;
    std::size_t segments = 0;
    for (std::size_t begin = 0; begin < text.size(); ++segments) {
        const auto mode = static_cast<QrMode>(split.modes.bytes()[begin]);
        std::size_t end = begin;
        for (; end < text.size() && split.modes.bytes()[end] == split.modes.bytes()[begin]; ++end)
            require(qr_mode_holds(mode, text[end]), "a mode holds its characters");
        bits += bits_of_run(mode, end - begin, range);
        begin = end;
    }
    require(bits == split.bits && segments == split.segments, "bits and segments are counted right");
    for (const QrMode mode : {QrMode::Numeric, QrMode::Alphanumeric, QrMode::Byte}) {
        const bool holds = std::all_of(text.begin(), text.end(), [mode](char c) { return qr_mode_holds(mode, c); });
        require(!holds || split.bits <= bits_of_run(mode, text.size(), range), "no single segment is shorter");
    }
}

/// The dark ring and heart of a finder, and the white around it.
void check_finder(const QrCode& code, int left, int top) {
    for (int y = -1; y <= 7; ++y) {
        for (int x = -1; x <= 7; ++x) {
            const int ring = std::max(std::abs(x - 3), std::abs(y - 3));
            require(code.dark(left + x, top + y) == (ring != 2 && ring != 4), "a finder in three corners");
        }
    }
}

void check_symbol(const QrCode& code) {
    require(code.version() >= 1 && code.version() <= 40, "a version that exists");
    require(code.size() == 17 + 4 * code.version(), "and its size");
    require(code.modules().size() == static_cast<std::size_t>(code.size() * code.size()), "modules by rows");
    check_finder(code, 0, 0);
    check_finder(code, code.size() - 7, 0);
    check_finder(code, 0, code.size() - 7);
    for (int i = 8; i < code.size() - 8; ++i)
        require(code.dark(i, 6) == (i % 2 == 0) && code.dark(6, i) == (i % 2 == 0), "both timing patterns");
    const auto svg = qr_svg(code);
    require(svg && svg->text().starts_with("<svg"), "a drawing");
    require(svg->text().find(qr_svg_path(code).text()) != std::string_view::npos, "which holds the path");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Exact exact(text_of(data + 1, size - 1));
    const auto level = static_cast<QrLevel>(data[0] % 4);
    const auto code = QrCode::encode(exact.text(), {level});
    if (exact.text().empty() || exact.text().size() > kMaxTextBytes) {
        require(!code, "nothing, and what no symbol holds, is refused");
        return 0;
    }
    for (const QrVersionRange& range : kQrVersionRanges) check_split(exact.text(), range);
    if (!code) return 0;
    check_symbol(*code);
    if (level == QrLevel::Low || (data[0] & 4) == 0) return 0;  // a second symbol takes its time
    const auto lower = QrCode::encode(exact.text(), {static_cast<QrLevel>(static_cast<int>(level) - 1)});
    require(lower && lower->version() <= code->version(), "less correction never takes a larger symbol");
    return 0;
}
