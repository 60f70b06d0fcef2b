// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"

namespace countersign::cli {

/// Refuses a store that is behind the guard file in `--guard-directory` (R17), before a command does anything with it.
/// Without that flag the guard file beside the master key is asked when the store is opened.
/// @param master_key_file  empty: the command runs without, and nothing is asked
[[nodiscard]] Checked<void> check_guard(const Arguments& arguments, const std::string& master_key_file);

}  // namespace countersign::cli
