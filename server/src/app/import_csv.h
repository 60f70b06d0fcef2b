// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "app/import_batch.h"

namespace countersign::server {

/// Reads `user,secret[,algorithm[,digits[,period]]]` with a header line (RFC 4180; LF or CRLF; a UTF-8 mark
/// at the start is dropped). Empty optional fields take the defaults.
/// Errors: `import.row_invalid` for a file whose records cannot be told apart, with line and rule, never with a secret.
[[nodiscard]] Answer<ImportBatch> read_import_csv(std::istream& in, SeedFormat format = SeedFormat::Base32);

}  // namespace countersign::server
