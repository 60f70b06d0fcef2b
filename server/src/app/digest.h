// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace countersign::server {

/// 32 bytes of BLAKE2b.
using Digest = std::array<std::uint8_t, 32>;

}  // namespace countersign::server
