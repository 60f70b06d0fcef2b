// SPDX-License-Identifier: Apache-2.0
#include "http/session_limit.h"

#include <algorithm>

namespace countersign::server {

std::optional<std::chrono::seconds> SessionLimit::refuse(const std::string& session, Steady::time_point now) {
    const std::lock_guard lock(mutex_);
    if (whole_at_.size() >= kMostRemembered && !whole_at_.contains(session)) whole_at_.clear();
    Steady::time_point& whole = whole_at_[session];
    const Steady::time_point after = std::max(whole, now) + kEach;
    const Steady::time_point last = now + kAtOnce * kEach;
    if (after > last) return std::chrono::ceil<std::chrono::seconds>(after - last);
    whole = after;
    return std::nullopt;
}

std::size_t SessionLimit::remembered() const {
    const std::lock_guard lock(mutex_);
    return whole_at_.size();
}

}  // namespace countersign::server
