// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "app/error.h"
#include "countersign/secret.h"

namespace countersign::server {

inline constexpr std::size_t kMasterKeyBytes = 32;

/// Reads a master key file: a regular file of exactly 32 bytes, mode 0600 or 0400, owned by this
/// process's user or root, and outside the data directory whatever links lead there (R20).
///
/// @param data_directory  need not exist yet
/// Errors: `master_key.unusable`, with the file and the rule in the detail.
[[nodiscard]] Answer<Secret> read_master_key(const std::string& path, const std::string& data_directory);

/// True when a path leads into a directory, whatever links lie between; also when that cannot be told.
[[nodiscard]] bool lies_inside(const std::string& path, const std::string& directory);

}  // namespace countersign::server
