// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy.h"

namespace countersign::server {

/// Whether a change lets anybody in who would not have got in before, or lets him try more: then the administrator
/// gives a fresh code for it (R3). So does a login method turned off: who has it alone
/// is left without any. Ways are judged by what users can have open, numbers wherever they stand, also
/// below a switch that is off: switched on later, they would count. Two changes are not weighed against each other:
/// one that weakens is enough.
[[nodiscard]] bool weakens(const Policy& before, const Policy& after) noexcept;

}  // namespace countersign::server
