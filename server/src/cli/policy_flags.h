// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/command.h"
#include "countersign/second_factor_policy.h"

namespace countersign::cli {

/// The flags that describe a policy, before those of the command itself.
[[nodiscard]] std::vector<Flag> with_policy_flags(std::vector<Flag> own);

/// The policy that the flags describe; what is not given is as the core has it by default.
/// Errors: `cli.value_invalid`. Whether it can be meant is for the core to say.
[[nodiscard]] Checked<SecondFactorPolicy> read_policy(const Arguments& arguments);

}  // namespace countersign::cli
