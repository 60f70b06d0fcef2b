// SPDX-License-Identifier: Apache-2.0
// Strict and lenient reading: what both accept, they read alike, and writing it again gives the one
// canonical form. The input is also taken as bytes to be written.
#include "countersign/base32.h"

#include <string>

#include "base32_lenient.h"
#include "require.h"

using namespace countersign;

namespace {

constexpr std::size_t kMaxTextBytes = 4096;

Result<Secret> decode(std::string_view text) {
#ifdef COUNTERSIGN_PLANTED_DEFECT
    return decode_base32(text, TrailingBits::Dropped);  // one seed, several spellings
#else
    return decode_base32(text);
#endif
}

/// The text without what the contract lets be dropped, in upper case.
std::string canonical(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (std::string_view(" -\t\n\r=").find(c) != std::string_view::npos) continue;
        kept += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return kept;
}

void check_text(std::string_view text) {
    const auto strict = decode(text);
    const auto lenient = decode_base32(text, TrailingBits::Dropped);
    require(text.size() <= kMaxTextBytes || (!strict && !lenient), "too long a text is refused");
    require(!strict || lenient.has_value(), "what the strict reader takes, the lenient one takes");
    require(strict || !lenient || strict.error().code == ErrorCode::Base32TrailingBits,
            "only unused bits are between the two");
    if (!lenient) return;
    const Secret written = encode_base32(lenient->bytes());
    const auto read = decode(written.text());
    require(read && same(read->bytes(), lenient->bytes()), "what is written is read back");
    if (!strict) return;
    require(same(strict->bytes(), lenient->bytes()), "both readers read the same");
    require(written.text() == canonical(text), "a seed has one canonical form");
}

void check_bytes(SecretView bytes) {
    for (const auto padding : {Base32Padding::None, Base32Padding::Padded}) {
        const Secret text = encode_base32(bytes, padding);
        if (text.size() > kMaxTextBytes) continue;
        const auto read = decode_base32(text.text());
        require(read && same(read->bytes(), bytes), "bytes survive the round trip");
        require(padding == Base32Padding::None || text.size() % 8 == 0, "padding is complete");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact exact(text_of(data, size));
    check_text(exact.text());
    check_bytes(bytes_of(exact.text()));
    return 0;
}
