// SPDX-License-Identifier: Apache-2.0
#include "http/client_limit.h"

#include <algorithm>
#include <utility>

namespace countersign::server {

std::optional<std::chrono::seconds> ClientLimit::refuse(const IpAddress& client, Steady::time_point now) {
    constexpr std::chrono::seconds kWhole{kSecondsAtOnce};
    const std::lock_guard lock(mutex_);
    Steady::time_point& whole = whole_at(client.counted_as());
    const Steady::time_point after = std::max(whole, now) + each_;
    if (after > now + kWhole) return std::chrono::ceil<std::chrono::seconds>(after - now - kWhole);
    whole = after;
    return std::nullopt;
}

ClientLimit::Steady::time_point& ClientLimit::whole_at(const IpAddress& counted) {
    if (const auto found = younger_.find(counted); found != younger_.end()) return found->second;
    if (younger_.size() >= kMostRemembered / 2) older_ = std::exchange(younger_, Times{});
    const auto before = older_.find(counted);
    return younger_[counted] = before == older_.end() ? Steady::time_point{} : before->second;
}

std::size_t ClientLimit::remembered() const {
    const std::lock_guard lock(mutex_);
    return younger_.size() + older_.size();
}

}  // namespace countersign::server
