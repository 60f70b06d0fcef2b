// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "app/clock.h"
#include "app/store.h"

namespace countersign::server {

/// The only source of `now` (R16). Time never runs back: `now` is the wall clock or the high-water mark,
/// whichever is later.
///
///     reliable --- wall > 30 s behind the mark ----------> behind   (until it catches up, or confirm)
///     reliable --- wall > 5 min ahead of the boot clock -> jumped   (until synchronized, or confirm)
///
/// While it is not reliable no code is checked, and `now` follows the boot clock, so that a wrong wall
/// clock leaves no trace in the store. A jump across a restart is not seen: the mark alone decides there.
class Timekeeper final : public CommitClock {
  public:
    enum class Trust : unsigned char { Reliable, Behind, Jumped };

    struct Reading {
        UnixSeconds now;
        Trust trust = Trust::Reliable;
    };

    static constexpr std::int64_t kAllowedBehindSeconds = 30;
    static constexpr std::int64_t kAllowedJumpSeconds = 300;
    /// The floor of a restore is its moment's, or that of a store that was a little ahead.
    static constexpr std::int64_t kAllowedFloorSeconds = 90;

    Timekeeper(std::shared_ptr<const Clock> clock, const StoreState& persisted);

    /// Any thread.
    [[nodiscard]] Reading read();
    [[nodiscard]] Mark mark() override;
    void observe(const StoreState& state) override;

  private:
    [[nodiscard]] Reading read_locked();
    [[nodiscard]] std::int64_t expected_wall_locked() const;
    void rebase_locked();

    std::shared_ptr<const Clock> clock_;
    std::mutex mutex_;
    std::int64_t base_wall_ = 0;
    std::int64_t base_boot_milliseconds_ = 0;
    std::int64_t high_water_ = 0;
    std::int64_t confirms_seen_ = 0;
};

/// For the log and the operator.
[[nodiscard]] std::string_view trust_sentence(Timekeeper::Trust trust) noexcept;

}  // namespace countersign::server
