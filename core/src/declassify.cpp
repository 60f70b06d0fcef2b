// SPDX-License-Identifier: Apache-2.0
#include "declassify.h"

namespace countersign {

std::uint64_t declassify(std::uint64_t value) noexcept { return value; }

}  // namespace countersign
