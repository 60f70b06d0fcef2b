// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "countersign/totp.h"

namespace countersign::server {

/// Where time comes from. Enters by the constructor, so that tests do not wait.
class Clock {
  public:
    virtual ~Clock() = default;
    /// The wall clock (CLOCK_REALTIME).
    [[nodiscard]] virtual UnixSeconds wall() const = 0;
    /// Milliseconds since some fixed moment, going on while the machine sleeps (CLOCK_BOOTTIME).
    [[nodiscard]] virtual std::int64_t boot_milliseconds() const = 0;
    /// What the kernel says of its own synchronization (adjtimex without STA_UNSYNC).
    [[nodiscard]] virtual bool kernel_synchronized() const = 0;
};

}  // namespace countersign::server
