// SPDX-License-Identifier: Apache-2.0
#include "http/refusal_budget.h"

#include <utility>

namespace countersign::server {

RefusalBudget::Line RefusalBudget::take(Steady::time_point now) {
    const std::lock_guard lock(mutex_);
    if (now >= until_) {
        until_ = now + std::chrono::minutes(1);
        told_ = 0;
    }
    if (told_ == kInAMinute) {
        ++untold_;
        return {};
    }
    ++told_;
    return {.tell = true, .untold = std::exchange(untold_, 0)};
}

}  // namespace countersign::server
