// SPDX-License-Identifier: Apache-2.0
#include "app/stretch_allowance.h"

namespace countersign::server {

bool StretchAllowance::take(const std::string& user, UnixSeconds now) {
    const std::lock_guard lock(mutex_);
    if (whole_at_.size() >= kMostUsers) std::erase_if(whole_at_, [&](const auto& one) { return one.second <= now.value; });
    if (whole_at_.size() >= kMostUsers && !whole_at_.contains(user)) return false;
    std::int64_t& whole_at = whole_at_[user];
    const bool set_back = whole_at > now.value + kAtOnce;  // the clock was: what was taken then is forgotten
    if (set_back || whole_at < now.value) whole_at = now.value;
    if (whole_at == now.value + kAtOnce) return false;
    ++whole_at;
    return true;
}

}  // namespace countersign::server
