// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "app/error.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::server {

struct ImportRow {
    std::int64_t line = 0;  ///< where it begins, from 1
    std::string user;
    Secret seed;            ///< 16 to 64 bytes
    TotpParameters parameters;
};

/// Reads `user,secret[,algorithm[,digits[,period]]]` with a header line (RFC 4180; LF or CRLF; a UTF-8 mark
/// at the start is dropped). Empty optional fields take the defaults.
/// Errors: `import.row_invalid`, with line and rule, never with a secret.
[[nodiscard]] Answer<std::vector<ImportRow>> read_import_csv(std::istream& in);

}  // namespace countersign::server
