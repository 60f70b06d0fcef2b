// SPDX-License-Identifier: Apache-2.0
#include "app/system_clock.h"

#include <sys/timex.h>

#include <ctime>

namespace countersign::server {
namespace {

class SystemClock final : public Clock {
  public:
    [[nodiscard]] UnixSeconds wall() const override {
        timespec now{};
        clock_gettime(CLOCK_REALTIME, &now);
        return UnixSeconds{now.tv_sec};
    }

    [[nodiscard]] std::int64_t boot_milliseconds() const override {
        timespec now{};
        clock_gettime(CLOCK_BOOTTIME, &now);
        return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
    }

    [[nodiscard]] bool kernel_synchronized() const override {
        timex state{};  // modes 0: only asks
        return adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    }
};

}  // namespace

std::shared_ptr<const Clock> make_system_clock() { return std::make_shared<const SystemClock>(); }

}  // namespace countersign::server
