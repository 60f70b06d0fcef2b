// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <tl/expected.hpp>

#include "countersign/secret.h"

namespace countersign::server {

/// Reads a regular file that its owner and his group alone may read. The error is one sentence that names the file.
/// @param most  bytes; a larger file is refused
[[nodiscard]] tl::expected<Secret, std::string> read_private_file(const std::string& path, std::size_t most);

}  // namespace countersign::server
