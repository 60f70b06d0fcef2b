// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "app/import_batch.h"

namespace countersign::server {

/// Reads a list of `otpauth://totp/` URIs, one a line (LF or CRLF); empty lines are nothing. The user is the label's
/// account. What shipping products print is put up with and named (`uri_warning_name`). HOTP is a bad row: this server
/// checks codes by time.
/// @param list  a secret of the caller's
[[nodiscard]] ImportBatch read_import_otpauth(std::string_view list);

}  // namespace countersign::server
