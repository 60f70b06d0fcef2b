// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace countersign::cli {

/// Gives a command what its flags left open, out of the environment and the file of `--config`, and says then which
/// required flag is still missing.
///
/// All of the file is checked, and every variable `COUNTERSIGN_*`, also what this command has no use for: a name that
/// nobody reads is a mistake that would be found too late. An empty value is the same as none. A command without a
/// setting among its flags reads neither.
/// Errors: the `config.*` codes, `cli.flag_missing`, `cli.value_invalid`.
[[nodiscard]] Checked<void> complete_arguments(const Command& command, Arguments& arguments);

/// The same failure, told of where the value stands when that is no flag: `FILE:LINE: KEY`, or the variable's name.
[[nodiscard]] Failure told_by_place(Failure failure, const Arguments& arguments);

}  // namespace countersign::cli
