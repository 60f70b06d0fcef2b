// SPDX-License-Identifier: Apache-2.0
#include "countersign/qr.h"

#include <qrcodegen/qrcodegen.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "qr_segments.h"

namespace countersign {
namespace {

constexpr std::size_t kMaxTextBytes = 7089;  // digits in version 40-L, the most there is
constexpr std::size_t kMaxDataBytes = 2956;  // what version 40-L holds, heads of segments and all
constexpr std::size_t kBufferBytes = qrcodegen_BUFFER_LEN_MAX;

/// The segments of a text in the library's form. As secret as the text: how it is split tells about it.
class Segments {
  public:
    /// `split.bits` is at most what `kMaxDataBytes` hold. A head is longer than the padding of a segment to
    /// whole bytes, so the segments' data fit into as many bytes.
    Segments(std::string_view text, const QrSplit& split)
        : data_(kMaxDataBytes), piece_(text.size() + 1), segments_(split.segments) {
        const SecretView modes = split.modes.bytes();
        auto out = data_.writable();
        std::size_t begin = 0;
        for (qrcodegen_Segment& segment : segments_) {
            std::size_t end = begin + 1;
            while (end < text.size() && modes[end] == modes[begin]) ++end;
            segment = make(static_cast<QrMode>(modes[begin]), text.substr(begin, end - begin), out.data());
            out = out.subspan((static_cast<std::size_t>(segment.bitLength) + 7) / 8);
            begin = end;
        }
    }
    ~Segments() { wipe_memory(segments_.data(), segments_.size() * sizeof(qrcodegen_Segment)); }
    Segments(const Segments&) = delete;
    Segments& operator=(const Segments&) = delete;

    [[nodiscard]] const std::vector<qrcodegen_Segment>& all() const noexcept { return segments_; }

  private:
    qrcodegen_Segment make(QrMode mode, std::string_view run, std::uint8_t* out) {
        const auto piece = piece_.writable();
        std::copy(run.begin(), run.end(), piece.begin());
        piece[run.size()] = 0;  // the library wants digits and capitals as C strings
        switch (mode) {
            case QrMode::Numeric: return qrcodegen_makeNumeric(piece_.text().data(), out);
            case QrMode::Alphanumeric: return qrcodegen_makeAlphanumeric(piece_.text().data(), out);
            case QrMode::Byte: break;
        }
        return qrcodegen_makeBytes(piece.data(), run.size(), out);
    }

    Secret data_;
    Secret piece_;
    std::vector<qrcodegen_Segment> segments_;
};

/// Encodes into `symbol`, in the smallest version of `range`. False when the text is too long for all of it.
bool encode_within(const QrVersionRange& range, std::string_view text, QrLevel level, Secret& symbol) {
    const QrSplit split = split_qr_text(text, range);
    if (split.bits > kMaxDataBytes * 8) return false;
    const Segments segments(text, split);
    Secret scratch(kBufferBytes);
    return qrcodegen_encodeSegmentsAdvanced(segments.all().data(), segments.all().size(),
                                            static_cast<qrcodegen_Ecc>(level), range.first, range.last,
                                            qrcodegen_Mask_AUTO, true, scratch.writable().data(),
                                            symbol.writable().data());
}

}  // namespace

Result<QrCode> QrCode::encode(std::string_view text, const QrOptions& options) {
    if (options.level > QrLevel::High) return fail(ErrorCode::QrOptionOutOfRange);
    if (text.empty()) return fail(ErrorCode::QrEmpty);
    if (text.size() > kMaxTextBytes) return fail(ErrorCode::QrTooLong);

    // All working memory is wiped, so that nothing of the text is left behind. Heads of segments grow with
    // the range, so the best split of a range that is too small may not be the best of the next.
    Secret symbol(kBufferBytes);
    const bool fits = std::any_of(kQrVersionRanges.begin(), kQrVersionRanges.end(), [&](const auto& range) {
        return encode_within(range, text, options.level, symbol);
    });
    if (!fits) return fail(ErrorCode::QrTooLong);

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
