// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "countersign/totp.h"

namespace countersign::cli {

/// `accepted STEP`, `rejected` or `replayed`; the exit code is 0 for the first alone.
[[nodiscard]] Printout printout_of(const Verdict& verdict);

}  // namespace countersign::cli
