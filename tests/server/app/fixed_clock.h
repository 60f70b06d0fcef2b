// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "app/clock.h"

/// A clock that moves when a test says so.
class FixedClock final : public countersign::server::Clock {
  public:
    static constexpr std::int64_t kStart = 1'800'000'000;  // a multiple of 30

    [[nodiscard]] countersign::UnixSeconds wall() const override { return {wall_.load()}; }
    [[nodiscard]] std::int64_t boot_milliseconds() const override { return boot_milliseconds_.load(); }
    [[nodiscard]] bool kernel_synchronized() const override { return synchronized_.load(); }

    /// Time passes on both clocks.
    void pass(std::int64_t seconds) {
        wall_ += seconds;
        boot_milliseconds_ += seconds * 1000;
    }
    /// Someone sets the wall clock.
    void jump(std::int64_t seconds) { wall_ += seconds; }
    void set_synchronized(bool synchronized) { synchronized_ = synchronized; }

  private:
    std::atomic<std::int64_t> wall_{kStart};
    std::atomic<std::int64_t> boot_milliseconds_{5'000'000};
    std::atomic<bool> synchronized_{false};
};
