// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "countersign/totp.h"

namespace countersign::server {

/// A header's free text, ready to follow `Subject: `: as it is where it is printable ASCII and short, in encoded
/// words otherwise (RFC 2047: UTF-8, base64, words of at most 75 symbols that split no code point, folded).
/// @param text  UTF-8; control characters become spaces, so that no line can be added
[[nodiscard]] std::string encode_header_text(std::string_view text);

/// `Sun, 22 Nov 2026 04:24:59 +0000` (RFC 5322, 3.3).
[[nodiscard]] std::string format_mail_date(UnixSeconds time);

}  // namespace countersign::server
