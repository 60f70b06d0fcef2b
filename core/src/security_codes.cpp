// SPDX-License-Identifier: Apache-2.0
#include "countersign/security_codes.h"

#include <cstdint>

#include "countersign/totp.h"
#include "declassify.h"
#include "masks.h"
#include "secret_text.h"

// Nothing below branches on or indexes by a symbol: letters and values are looked up by reading the whole
// alphabet under a mask.
namespace countersign {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kMaxTypedBytes = 128;
constexpr unsigned kNoSymbol = 0x80;

/// The value of a symbol as typed, or `kNoSymbol`.
unsigned value_of(std::uint8_t typed) noexcept {
    const char upper = upper_case(static_cast<char>(typed));
    unsigned value = 0;
    unsigned known = 0;
    const auto reads_as = [&](char letter, unsigned meaning) {
        const auto match = static_cast<unsigned>(equal_mask(upper, letter));
        value |= match & meaning;
        known |= match;
    };
    for (unsigned i = 0; i < kAlphabet.size(); ++i) reads_as(kAlphabet[i], i);
    reads_as('O', 0);
    reads_as('I', 1);
    reads_as('L', 1);
    return value | (~known & kNoSymbol);
}

unsigned char symbol_of(unsigned value) noexcept {
    unsigned symbol = 0;
    for (unsigned i = 0; i < kAlphabet.size(); ++i)
        symbol |= static_cast<unsigned>(equal_mask(std::uint64_t{i}, value)) & static_cast<unsigned char>(kAlphabet[i]);
    return static_cast<unsigned char>(symbol);
}

/// Multiplies by x in GF(32), modulo x^5 + x^2 + 1.
constexpr unsigned times_x(unsigned value) noexcept { return (value << 1) ^ (0x25U & (0U - (value >> 4))); }

/// The sum of x^(n-1-i) * s_i over all n symbols, by Horner.
class CheckSum {
  public:
    void add(unsigned value) noexcept { sum_ = times_x(sum_) ^ value; }
    [[nodiscard]] unsigned value() const noexcept { return sum_; }

  private:
    unsigned sum_ = 0;
};

}  // namespace

Secret make_security_code() {
    Secret code = Secret::random(kSecurityCodeSymbols);
    const auto symbols = code.writable();
    CheckSum sum;
    for (auto& symbol : symbols.first(kSecurityCodeSymbols - 1)) {
        const unsigned value = symbol & 31U;  // of 256 equally likely bytes, eight for each value
        sum.add(value);
        symbol = symbol_of(value);
    }
    symbols.back() = symbol_of(times_x(sum.value()));
    return code;
}

Result<Secret> read_security_code(std::string_view typed) {
    if (typed.size() > kMaxTypedBytes) return fail(ErrorCode::SecurityCodeBadLength);
    Secret code = fold_code(typed);
    CheckSum sum;
    unsigned unknown = 0;
    for (auto& symbol : code.writable()) {
        const unsigned value = value_of(symbol);
        unknown |= value & kNoSymbol;
        sum.add(value & 31U);
        symbol = symbol_of(value & 31U);
    }
    if (declassify(unknown) != 0) return fail(ErrorCode::SecurityCodeBadSymbol);
    if (code.size() != kSecurityCodeSymbols) return fail(ErrorCode::SecurityCodeBadLength);
    if (declassify(~equal_mask(std::uint64_t{sum.value()}, 0)) != 0) return fail(ErrorCode::SecurityCodeBadCheck);
    return code;
}

Result<Secret> format_security_code(std::string_view code) {
    const auto canonical = read_security_code(code);
    if (!canonical) return fail(canonical.error().code);
    SecretText grouped(kSecurityCodeSymbols + 3);
    for (std::size_t at = 0; at < kSecurityCodeSymbols; at += 4) {
        if (at != 0) grouped.append('-');
        grouped.append(canonical->text().substr(at, 4));
    }
    return grouped.take();
}

}  // namespace countersign
