// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "countersign/hotp.h"

namespace countersign::cli {

/// `--algorithm` and `--digits`. Errors: `otp.algorithm_unknown`, `cli.value_invalid`.
[[nodiscard]] Checked<HotpParameters> read_hotp_parameters(const Arguments& arguments);

/// `accepted COUNTER`, `rejected` or `replayed`; the exit code is 0 for the first alone.
[[nodiscard]] Printout printout_of(const HotpVerdict& verdict);

}  // namespace countersign::cli
