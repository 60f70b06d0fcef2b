// SPDX-License-Identifier: Apache-2.0
#include "percent.h"

#include "secret_text.h"
#include "utf8.h"

namespace countersign {
namespace {

/// 0 to 15, or -1.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

Result<Secret> decode_percent(std::string_view text) {
    SecretText decoded(text.size());
    while (!text.empty()) {
        if (text.front() != '%') {
            decoded.append(text.front());
            text.remove_prefix(1);
            continue;
        }
        if (text.size() < 3) return fail(ErrorCode::UriBadPercentEncoding);
        const int high = hex_value(text[1]);
        const int low = hex_value(text[2]);
        if (high < 0 || low < 0) return fail(ErrorCode::UriBadPercentEncoding);
        decoded.append(static_cast<char>(high * 16 + low));
        text.remove_prefix(3);
    }
    Secret result = decoded.take();
    if (!is_printable_utf8(result.text())) return fail(ErrorCode::UriBadUtf8);
    return result;
}

}  // namespace countersign
