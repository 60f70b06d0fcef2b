// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "http/client_address.h"

namespace countersign::server {

/// How often the pages behind one IPv4 address or IPv6 /64 may ask: `most` a second, and ten seconds' worth at once, for a
/// company's people have one address. Any thread.
///
/// Remembers so many addresses and no more. When others crowd one out, it begins anew: a crowd of addresses is no reason to
/// refuse a newcomer.
class ClientLimit {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr int kSecondsAtOnce = 10;
    static constexpr std::size_t kMostRemembered = 16 * 1024;

    /// @param most  1 to 1,000,000
    explicit ClientLimit(std::size_t most)
        : each_(std::chrono::nanoseconds(std::chrono::seconds(1)) / static_cast<std::int64_t>(most)) {}

    /// Counts one request, if it may be carried out. @return after how long to ask again, if not; that is not counted
    [[nodiscard]] std::optional<std::chrono::seconds> refuse(const IpAddress& client, Steady::time_point now);
    [[nodiscard]] std::size_t remembered() const;

  private:
    using Times = std::map<IpAddress, Steady::time_point>;
    Steady::time_point& whole_at(const IpAddress& counted);

    std::chrono::nanoseconds each_;
    mutable std::mutex mutex_;
    // When each has its whole allowance again. Of two generations: when the first has half of what may be remembered, it
    // takes the other's place, and what was not asked for since is forgotten.
    Times younger_;
    Times older_;
};

}  // namespace countersign::server
