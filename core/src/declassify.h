// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace countersign {

/// Says where a value that was made from secrets becomes public: an answer, or whether a text was sound.
/// Only after this may it decide a branch. It changes nothing, and stands in a file of its own so that the
/// suite `constant-time` can put in its place one that tells valgrind.
[[nodiscard]] std::uint64_t declassify(std::uint64_t value) noexcept;

}  // namespace countersign
