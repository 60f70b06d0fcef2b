// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::cli {

/// `--secret-stdin --secret-file --secret-format`, then `more`.
[[nodiscard]] std::vector<Flag> with_seed_flags(std::vector<Flag> more);
/// Those, `--algorithm --digits`, then `more`.
[[nodiscard]] std::vector<Flag> with_hotp_flags(std::vector<Flag> more);
/// Those of HOTP and `--period`, then `more`.
[[nodiscard]] std::vector<Flag> with_totp_flags(std::vector<Flag> more);

/// The seed by stdin or file, decoded. Errors: those of `read_input`, the core's `base32.*`,
/// `cli.hex_malformed`, `cli.value_invalid`.
[[nodiscard]] Checked<Secret> read_seed(const Arguments& arguments);

/// Errors: `otp.algorithm_unknown`, `cli.value_invalid`. The ranges are the core's to check.
[[nodiscard]] Checked<TotpParameters> read_parameters(const Arguments& arguments);

/// `--time`, or the machine's clock. Errors: `cli.value_invalid`.
[[nodiscard]] Checked<UnixSeconds> read_time(const Arguments& arguments);

struct Window {
    int past_steps = 1;
    int future_steps = 1;
};

/// `--window PAST,FUTURE`. Errors: `cli.value_invalid`. The range is the core's to check.
[[nodiscard]] Checked<Window> read_window(const Arguments& arguments);

/// `--last-used STEP`. Errors: `cli.value_invalid`.
[[nodiscard]] Checked<std::optional<TimeStep>> read_last_used(const Arguments& arguments);

}  // namespace countersign::cli
