// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace countersign::server {

/// What reading and answering costs, in an io thread's time: generously, so that it holds for the dearest of its size.
using Cost = std::chrono::microseconds;

inline constexpr Cost kCostOfRequest{1000};
inline constexpr Cost kCostOfRead{64};

/// Of bytes that were parsed: a thousand chunks or fields in few bytes are what they may be.
[[nodiscard]] constexpr Cost cost_of_bytes(std::size_t count) noexcept {
    return Cost{static_cast<Cost::rep>(count)};
}

/// What one connection may ask before it has to share an io thread's pace with its like: 16 requests at once, two a second
/// after. Large ones count as several.
class Allowance {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr Cost kAtOnce = 16 * kCostOfRequest;
    static constexpr int kEarnedIn = 500;  ///< times as long as it lasts

    /// Never owes more than all of it, so that who stops asking has it back in eight seconds.
    void spend(Cost cost, Steady::time_point now) noexcept {
        whole_at_ = std::min(std::max(whole_at_, now) + cost * kEarnedIn, now + kAtOnce * kEarnedIn);
    }
    [[nodiscard]] bool is_spent(Steady::time_point now) const noexcept {
        return whole_at_ > now + (kAtOnce - kCostOfRequest) * kEarnedIn;
    }

  private:
    Steady::time_point whole_at_{};
};

/// When whoever has spent his allowance gets his turn: one after another, in the order they ask, and as long after each
/// other as it costs. Nobody waits longer than two seconds: turns of those who are gone by then hold up no one, and the
/// number of connections bounds what a crowd gets in that time.
class SharedPace {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kLongestWait{2};

    /// @param cost  of what was done since this caller's last turn
    [[nodiscard]] Steady::time_point next_turn(Cost cost, Steady::time_point now) noexcept {
        const Steady::time_point turn = std::max(free_at_, now);
        free_at_ = std::min(turn + cost, now + kLongestWait);
        return turn;
    }

  private:
    Steady::time_point free_at_{};
};

}  // namespace countersign::server
