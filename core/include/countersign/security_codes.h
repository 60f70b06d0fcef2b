// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

/// 15 random symbols of Crockford's base32 (75 bits) and one that checks them.
inline constexpr std::size_t kSecurityCodeSymbols = 16;

/// Makes a new security code from the system's random generator; every code is equally likely.
///
/// The last symbol makes the sum of a^(15-i) * s_i zero over GF(32) (x^5 + x^2 + 1, a = x), so that every
/// single wrong symbol and every swap of two is found by `read_security_code`.
///
/// @return the canonical form: 16 of `0123456789ABCDEFGHJKMNPQRSTVWXYZ`; see `format_security_code`
[[nodiscard]] Secret make_security_code();

/// Reads a security code as people type it: either case, `O` for 0, `I` and `L` for 1, with spaces and
/// dashes of every Unicode kind and foreign digits as `fold_code` has them. The canonical form reads as
/// itself. Of several faults the first in the list below is told; none of them is an attempt to sign in.
///
/// The time depends on the length, on which characters are separators and on whether the code is sound, not on
/// the symbols, as long as they are of ASCII.
///
/// @return the canonical form: what is stretched, compared and stored
/// Errors: `security_code.bad_symbol`, `security_code.bad_length` (also over 128 bytes of text),
/// `security_code.bad_check`.
[[nodiscard]] Result<Secret> read_security_code(std::string_view typed);

/// Groups a code for reading: `K7QF-2M9X-TRB4-V3HF`. Errors: those of `read_security_code`.
[[nodiscard]] Result<Secret> format_security_code(std::string_view code);

}  // namespace countersign
