// SPDX-License-Identifier: Apache-2.0
#include "app/timekeeper.h"

#include <algorithm>
#include <utility>

namespace countersign::server {

Timekeeper::Timekeeper(std::shared_ptr<const Clock> clock, const StoreState& persisted)
    : clock_(std::move(clock)), high_water_(persisted.high_water.value), confirms_seen_(persisted.clock_confirms) {
    rebase_locked();
}

void Timekeeper::rebase_locked() {
    base_wall_ = clock_->wall().value;
    base_boot_milliseconds_ = clock_->boot_milliseconds();
}

std::int64_t Timekeeper::expected_wall_locked() const {
    return base_wall_ + (clock_->boot_milliseconds() - base_boot_milliseconds_) / 1000;
}

Timekeeper::Reading Timekeeper::read_locked() {
    const std::int64_t wall = clock_->wall().value;
    if (wall - expected_wall_locked() > kAllowedJumpSeconds) {
        if (!clock_->kernel_synchronized()) {
            return {UnixSeconds{std::max(expected_wall_locked(), high_water_)}, Trust::Jumped};
        }
        rebase_locked();
    }
    if (wall < high_water_ - kAllowedBehindSeconds) return {UnixSeconds{high_water_}, Trust::Behind};
    high_water_ = std::max(high_water_, wall);
    return {UnixSeconds{high_water_}, Trust::Reliable};
}

Timekeeper::Reading Timekeeper::read() {
    const std::lock_guard lock(mutex_);
    return read_locked();
}

CommitClock::Mark Timekeeper::mark() {
    const std::lock_guard lock(mutex_);
    return {read_locked().now, confirms_seen_};
}

void Timekeeper::observe(const StoreState& state) {
    const std::lock_guard lock(mutex_);
    if (state.clock_confirms == confirms_seen_) {
        high_water_ = std::max(high_water_, state.high_water.value);
        return;
    }
    // An operator has spoken: the mark may have been set back, and the wall clock counts from here.
    confirms_seen_ = state.clock_confirms;
    high_water_ = state.high_water.value;
    rebase_locked();
}

std::string_view trust_sentence(Timekeeper::Trust trust) noexcept {
    switch (trust) {
        case Timekeeper::Trust::Reliable: return "the clock is trusted";
        case Timekeeper::Trust::Behind: return "the clock is more than 30 s behind the store";
        case Timekeeper::Trust::Jumped: return "the clock jumped ahead of the boot clock by more than 5 min";
    }
    return "";
}

}  // namespace countersign::server
