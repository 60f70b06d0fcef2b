// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "countersign/second_factor_policy.h"
#include "vector_file.h"

/// The policy of a case: the defaults, with the keys that the case has.
[[nodiscard]] countersign::SecondFactorPolicy policy_of(const VectorCase& vector);

/// Six digits, as JavaScript's `toExponential(5)` spells them: `1.01995e-4`.
[[nodiscard]] std::string chance_text(double chance);
