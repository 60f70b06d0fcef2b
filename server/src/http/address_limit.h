// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>

#include "http/client_address.h"

namespace countersign::server {

/// How many connections one address holds, and whether it may open another. Not for several threads.
///
/// An address from which an application key was proven lately is a back end and has no limit (R15).
class AddressLimit {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr std::chrono::minutes kVouchedFor{10};
    static constexpr std::size_t kMostVouched = 1024;  ///< of addresses; beyond it the oldest is forgotten

    explicit AddressLimit(std::size_t most) : most_(most) {}

    enum class Entry : unsigned char {
        Free,    ///< a back end's: not counted, so that it takes no place of its neighbors in the same IPv6 network
        Within,  ///< counted
        Beyond,  ///< counted, and too many
    };

    /// One more connection of this address.
    [[nodiscard]] Entry enter(const IpAddress& address, Steady::time_point now);
    /// The end of one that was counted.
    void leave(const IpAddress& address);
    /// A back end spoke from there.
    void vouch(const IpAddress& address, Steady::time_point now);
    [[nodiscard]] bool is_vouched(const IpAddress& address, Steady::time_point now) const;

  private:
    std::size_t most_;
    std::map<IpAddress, std::size_t> open_;
    std::map<IpAddress, Steady::time_point> vouched_;
};

}  // namespace countersign::server
