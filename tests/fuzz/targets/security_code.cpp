// SPDX-License-Identifier: Apache-2.0
// Security codes: what is read has one canonical form of 16 symbols, reads as itself, and every one of its
// symbols, changed, is found.
#include "countersign/security_codes.h"

#include <string>

#include "require.h"

using namespace countersign;

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void check_refusal(const Error& error) {
    require(error.code == ErrorCode::SecurityCodeBadSymbol || error.code == ErrorCode::SecurityCodeBadLength ||
                error.code == ErrorCode::SecurityCodeBadCheck,
            "a refusal has one of three reasons");
}

void check_accepted(const Secret& code, std::size_t salt) {
    require(code.size() == kSecurityCodeSymbols, "16 symbols");
    require(code.text().find_first_not_of(kAlphabet) == std::string_view::npos, "of the alphabet");
    const auto again = read_security_code(code.text());
    require(again && same(again->bytes(), code.bytes()), "the canonical form reads as itself");
    const auto grouped = format_security_code(code.text());
    require(grouped && grouped->size() == kSecurityCodeSymbols + 3, "it can be grouped");
    const auto read = read_security_code(grouped->text());
    require(read && same(read->bytes(), code.bytes()), "the grouped form reads as the code");

    std::string wrong(code.text());
    char& symbol = wrong[salt % wrong.size()];
    symbol = kAlphabet[(kAlphabet.find(symbol) + 1 + salt / 16 % 31) % 32];
    require(wrong != code.text(), "the symbol was changed");
    const auto refused = read_security_code(wrong);
    require(!refused && refused.error().code == ErrorCode::SecurityCodeBadCheck, "a wrong symbol is found");
}

/// Any bytes as 15 symbols: exactly one sixteenth makes a code of them.
void check_completion(std::string_view bytes) {
    std::string symbols;
    for (std::size_t i = 0; i + 1 < kSecurityCodeSymbols; ++i)
        symbols += kAlphabet[i < bytes.size() ? static_cast<unsigned char>(bytes[i]) % 32 : 0];
    int codes = 0;
    for (const char last : kAlphabet) codes += read_security_code(symbols + last) ? 1 : 0;
    require(codes == 1, "one check symbol for any fifteen");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact typed(text_of(data, size));
    const auto code = read_security_code(typed.text());
    if (code)
        check_accepted(*code, size + data[0]);
    else
        check_refusal(code.error());
    const auto grouped = format_security_code(typed.text());
    require(grouped.has_value() == code.has_value(), "reading and grouping agree");
    if (size % 8 == 7) check_completion(typed.text());  // 32 readings
    return 0;
}
