// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "standards_facts.h"

namespace countersign {

[[nodiscard]] std::span<const Requirement> all_requirements() noexcept;

}  // namespace countersign
