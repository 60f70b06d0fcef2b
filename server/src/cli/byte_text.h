// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/failure.h"
#include "countersign/secret.h"

namespace countersign::cli {

/// Bytes from hexadecimal digits of either case. Errors: `cli.hex_malformed`.
/// @param what  names the input in the message: `the secret`
[[nodiscard]] Checked<Secret> decode_hex(std::string_view text, std::string_view what);

/// Lower-case hexadecimal. May be a secret: hand it on, `Printout` is wiped.
[[nodiscard]] std::string hex_of(SecretView bytes);

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_of(SecretView bytes);

}  // namespace countersign::cli
