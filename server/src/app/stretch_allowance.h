// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "countersign/totp.h"

namespace countersign::server {

/// How many codes are stretched for one user, known or not (R14): some at once, then one a second. A pause does
/// not bound them, since an attempt in it is not counted; without this, one password would buy both processors.
class StretchAllowance {
  public:
    static constexpr std::int64_t kAtOnce = 20;

    /// Any thread. False: not now.
    /// @param user  a name that no user of another realm has
    [[nodiscard]] bool take(const std::string& user, UnixSeconds now);

  private:
    static constexpr std::size_t kMostUsers = 16384;

    std::mutex mutex_;
    std::unordered_map<std::string, std::int64_t> whole_at_;  ///< when nothing is taken any more
};

}  // namespace countersign::server
