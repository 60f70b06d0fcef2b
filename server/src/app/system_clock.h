// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/clock.h"

namespace countersign::server {

/// The machine's own clocks.
[[nodiscard]] std::shared_ptr<const Clock> make_system_clock();

}  // namespace countersign::server
