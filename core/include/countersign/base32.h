// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

enum class Base32Padding { None, Padded };

/// Writes bytes as upper-case base32 (RFC 4648, 6). Apps expect seeds without padding.
///
/// The time depends on the length only, not on the bytes.
[[nodiscard]] Secret encode_base32(SecretView bytes, Base32Padding padding = Base32Padding::None);

/// Reads a seed as people and products write it: either case, with or without padding, with ASCII spaces
/// (tab, line feed and carriage return too) and dashes anywhere. Padding, where there is any, has to be
/// complete. Everything else is refused, non-zero unused bits included, so that one seed has one canonical
/// form. Of several faults the first in the list below is told.
///
/// The time depends on the length, on which characters are separators or padding, and on whether the text is
/// sound, not on the symbols.
///
/// @param text  at most 4096 bytes; the empty text is the empty secret
/// Errors: `secret.too_long` (over 4096 bytes of text), `base32.bad_symbol`, `base32.bad_padding`,
/// `base32.bad_length`, `base32.trailing_bits`.
[[nodiscard]] Result<Secret> decode_base32(std::string_view text);

}  // namespace countersign
