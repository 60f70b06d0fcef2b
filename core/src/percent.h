// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign {

/// Decodes `%XX`, either case; a plus sign stays one. The result is UTF-8 without control characters.
/// Errors: `uri.bad_percent_encoding`, `uri.bad_utf8`.
[[nodiscard]] Result<Secret> decode_percent(std::string_view text);

}  // namespace countersign
