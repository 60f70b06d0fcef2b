// SPDX-License-Identifier: Apache-2.0
#include "store/counting.h"

#include <algorithm>

namespace countersign::server {

std::optional<Counted> run_count(Query& query) {
    if (!query.step()) return std::nullopt;
    const Counted counted{query.integer(0), query.integer(1), query.integer(2), query.text(3) == "disabled"};
    while (query.step()) {
    }
    return counted;
}

int wait_until(std::int64_t not_before, UnixSeconds now) {
    return static_cast<int>(std::clamp<std::int64_t>(not_before - now.value, 0, 86400));
}

}  // namespace countersign::server
