// SPDX-License-Identifier: Apache-2.0
// What people type: folding twice is folding once, it never grows, and ASCII separators are gone.
#include "countersign/totp.h"
#include "require.h"
#include "utf8.h"

using namespace countersign;

namespace {

constexpr std::size_t kMaxTypedBytes = 128;

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = read_code_point(text);
        if (point.bytes == 0) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact typed(text_of(data, size));
    const Secret folded = fold_code(typed.text());
    require(folded.size() <= size, "folding never grows");
    if (size > kMaxTypedBytes) {
        require(folded.text() == typed.text(), "too long a text is left alone");
        return 0;
    }
    require(fold_code(folded.text()).text() == folded.text(), "folding twice is folding once");
    if (!is_utf8(typed.text())) {
        require(folded.text() == typed.text(), "what is no text is left alone");
        return 0;
    }
    require(is_utf8(folded.text()), "text stays text");
    require(folded.text().find_first_of(" -\t\n\r\v\f") == std::string_view::npos, "no separator is left");
    return 0;
}
