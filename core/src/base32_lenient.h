// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

enum class TrailingBits { Refused, Dropped };

/// `decode_base32`, with a say in what becomes of non-zero unused bits in the last symbol: seeds made of
/// random symbols have them, and every authenticator app drops them.
[[nodiscard]] Result<Secret> decode_base32(std::string_view text, TrailingBits trailing_bits);

}  // namespace countersign
