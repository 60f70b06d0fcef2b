// SPDX-License-Identifier: Apache-2.0
#include "countersign/base32.h"

#include <cstddef>
#include <cstdint>

#include "base32_lenient.h"
#include "declassify.h"
#include "masks.h"
#include "secret_text.h"

// Symbols are mapped by arithmetic, not by a table or a branch: a seed must not show in the cache or in
// the branch predictor. What is declassified: separators and padding, and whether the text was sound. In the range tests below a difference is negative, hence all ones after `>> 8`,
// exactly when both bounds hold.
namespace countersign {
namespace {

constexpr std::size_t kMaxTextBytes = 4096;

char symbol_of(unsigned value) {
    const int letter = static_cast<int>(value) + 'A';
    const int is_digit = (25 - static_cast<int>(value)) >> 8;
    return static_cast<char>(letter + (is_digit & ('2' - 26 - 'A')));
}

/// 0 to 31, or -1.
int value_of(char symbol) {
    const int c = static_cast<unsigned char>(symbol);
    int value = -1;
    value += (((0x40 - c) & (c - 0x5b)) >> 8) & (c - 'A' + 1);
    value += (((0x60 - c) & (c - 0x7b)) >> 8) & (c - 'a' + 1);
    value += (((0x31 - c) & (c - 0x38)) >> 8) & (c - '2' + 27);
    return value;
}

bool is_separator(char c) {
    std::uint64_t separator = 0;
    for (const char each : {' ', '-', '\t', '\n', '\r'}) separator |= equal_mask(c, each);
    return declassify(separator) != 0;
}

bool is_padding(char c) { return declassify(equal_mask(c, '=')) != 0; }

/// Reads symbols one by one; what is wrong is gathered and told at the end.
class Decoder {
  public:
    explicit Decoder(std::size_t text_size) : bytes_(text_size * 5 / 8) {}

    void read(char c) {
        if (is_separator(c)) return;
        if (is_padding(c)) {
            ++padding_;
            return;
        }
        symbol_after_padding_ |= padding_ != 0;
        const int value = value_of(c);
        bad_ |= value;  // negative as soon as one is
        buffer_ = (buffer_ << 5) | (static_cast<unsigned>(value) & 31U);
        ++symbols_;
        bits_ += 5;
        if (bits_ >= 8) {
            bits_ -= 8;
            bytes_.writable()[size_++] = static_cast<std::uint8_t>(buffer_ >> bits_);
        }
    }

    Result<Secret> finish(TrailingBits trailing_bits) {
        const unsigned unused = buffer_ & ((1U << bits_) - 1U);
        buffer_ = 0;
        if (declassify(static_cast<unsigned>(bad_) >> 31) != 0) return fail(ErrorCode::Base32BadSymbol);
        const std::size_t rest = symbols_ % 8;
        const bool padding_complete = padding_ < 8 && (symbols_ + padding_) % 8 == 0;
        if (symbol_after_padding_ || (padding_ != 0 && !padding_complete))
            return fail(ErrorCode::Base32BadPadding);
        if (rest == 1 || rest == 3 || rest == 6) return fail(ErrorCode::Base32BadLength);
        if (trailing_bits == TrailingBits::Refused && declassify(~equal_mask(std::uint64_t{unused}, 0)) != 0)
            return fail(ErrorCode::Base32TrailingBits);
        bytes_.truncate(size_);
        return std::move(bytes_);
    }

  private:
    Secret bytes_;
    std::size_t size_ = 0;
    std::size_t symbols_ = 0;
    std::size_t padding_ = 0;
    bool symbol_after_padding_ = false;
    int bad_ = 0;
    unsigned buffer_ = 0;
    unsigned bits_ = 0;
};

}  // namespace

Secret encode_base32(SecretView bytes, Base32Padding padding) {
    SecretText text((bytes.size() + 4) / 5 * 8);
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        buffer = (buffer << 8) | byte;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text.append(symbol_of((buffer >> bits) & 31U));
        }
    }
    if (bits != 0) text.append(symbol_of((buffer << (5 - bits)) & 31U));
    while (padding == Base32Padding::Padded && text.size() % 8 != 0) text.append('=');
    return text.take();
}

Result<Secret> decode_base32(std::string_view text, TrailingBits trailing_bits) {
    if (text.size() > kMaxTextBytes) return fail(ErrorCode::SecretTooLong);
    Decoder decoder(text.size());
    for (const char c : text) decoder.read(c);
    return decoder.finish(trailing_bits);
}

Result<Secret> decode_base32(std::string_view text) {
    return decode_base32(text, TrailingBits::Refused);
}

}  // namespace countersign
