// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/people.h"
#include "cli/command.h"

namespace countersign::cli {

/// How a list of users comes in, and what is to be done with whom.
[[nodiscard]] std::vector<Flag> import_flags();

/// Reads the one list that is named. Errors: `cli.flag_missing`, `cli.flag_conflict`, `cli.value_invalid`, those of
/// `read_input`, and `import.row_invalid` for a file whose rows cannot be told apart.
[[nodiscard]] Checked<server::ImportBatch> read_batch(const Arguments& arguments);
/// Errors: `cli.value_invalid`.
[[nodiscard]] Checked<server::ImportOptions> read_import_options(const Arguments& arguments);

}  // namespace countersign::cli
