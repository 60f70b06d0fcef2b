// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace countersign {

/// ISO/IEC 18004 asks for four modules; more than 32 is a mistake.
constexpr bool is_qr_quiet_zone(int modules) noexcept { return modules >= 4 && modules <= 32; }

/// Under four pixels a module, cameras miss symbols.
constexpr bool is_qr_module_size(int pixels) noexcept { return pixels >= 4 && pixels <= 64; }

}  // namespace countersign
