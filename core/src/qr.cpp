// SPDX-License-Identifier: Apache-2.0
#include "countersign/qr.h"

#include <qrcodegen/qrcodegen.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace countersign {
namespace {

constexpr std::size_t kMaxTextBytes = 7089;  // digits in version 40-L, the most there is
constexpr std::size_t kBufferBytes = qrcodegen_BUFFER_LEN_MAX;

/// The one segment that suits all of the text, its bits in `buffer`. Nothing when it is too long.
std::optional<qrcodegen_Segment> make_segment(std::string_view text, const Secret& terminated,
                                              Secret& buffer) {
    const auto* bytes = terminated.bytes().data();
    const char* c_text = terminated.text().data();
    const bool has_nul = text.find('\0') != std::string_view::npos;  // the C functions would stop at it
    qrcodegen_Mode mode = qrcodegen_Mode_BYTE;
    if (!has_nul && qrcodegen_isNumeric(c_text))
        mode = qrcodegen_Mode_NUMERIC;
    else if (!has_nul && qrcodegen_isAlphanumeric(c_text))
        mode = qrcodegen_Mode_ALPHANUMERIC;

    const std::size_t needed = qrcodegen_calcSegmentBufferSize(mode, text.size());
    if (needed > buffer.size()) return std::nullopt;
    switch (mode) {
        case qrcodegen_Mode_NUMERIC: return qrcodegen_makeNumeric(c_text, buffer.writable().data());
        case qrcodegen_Mode_ALPHANUMERIC: return qrcodegen_makeAlphanumeric(c_text, buffer.writable().data());
        default: return qrcodegen_makeBytes(bytes, text.size(), buffer.writable().data());
    }
}

}  // namespace

Result<QrCode> QrCode::encode(std::string_view text, const QrOptions& options) {
    if (options.level > QrLevel::High) return fail(ErrorCode::QrOptionOutOfRange);
    if (text.empty()) return fail(ErrorCode::QrEmpty);
    if (text.size() > kMaxTextBytes) return fail(ErrorCode::QrTooLong);

    // All working memory is a Secret each, so that nothing of the text is left behind.
    Secret terminated(text.size() + 1);
    std::copy(text.begin(), text.end(), terminated.writable().begin());
    Secret bits(kBufferBytes);
    const auto segment = make_segment(text, terminated, bits);
    Secret scratch(kBufferBytes);
    Secret symbol(kBufferBytes);
    if (!segment ||
        !qrcodegen_encodeSegments(&*segment, 1, static_cast<qrcodegen_Ecc>(options.level),
                                  scratch.writable().data(), symbol.writable().data()))
        return fail(ErrorCode::QrTooLong);

    const int size = qrcodegen_getSize(symbol.bytes().data());
    const auto side = static_cast<std::size_t>(size);
    Secret modules(side * side);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x)
            modules.writable()[static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)] =
                qrcodegen_getModule(symbol.bytes().data(), x, y) ? 1 : 0;
    return QrCode(size, std::move(modules));
}

bool QrCode::dark(int x, int y) const noexcept {
    if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
    return modules_.bytes()[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) +
                            static_cast<std::size_t>(x)] != 0;
}

}  // namespace countersign
