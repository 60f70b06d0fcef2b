// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace countersign::server {

/// How many refused requests get a line of the log: 200 a minute. Anybody can be refused as often as he likes, and what
/// keeps the log may drop every line of a server that writes too many (journald: 10,000 in 30 s). Any thread.
class RefusalBudget {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr std::size_t kInAMinute = 200;

    struct Line {
        bool tell = false;
        std::size_t untold = 0;  ///< how many were not told before this one; each is in one such number
    };
    [[nodiscard]] Line take(Steady::time_point now);

  private:
    std::mutex mutex_;
    Steady::time_point until_{};  ///< the minute's end
    std::size_t told_ = 0;
    std::size_t untold_ = 0;
};

}  // namespace countersign::server
