// SPDX-License-Identifier: Apache-2.0
#include "http/address_limit.h"

#include <algorithm>

namespace countersign::server {

AddressLimit::Entry AddressLimit::enter(const IpAddress& address, Steady::time_point now) {
    if (is_vouched(address, now)) return Entry::Free;
    return ++open_[address.counted_as()] <= most_ ? Entry::Within : Entry::Beyond;
}

void AddressLimit::leave(const IpAddress& address) {
    const auto found = open_.find(address.counted_as());
    if (found != open_.end() && --found->second == 0) open_.erase(found);
}

bool AddressLimit::is_vouched(const IpAddress& address, Steady::time_point now) const {
    const auto vouched = vouched_.find(address);
    return vouched != vouched_.end() && now - vouched->second <= kVouchedFor;
}

void AddressLimit::vouch(const IpAddress& address, Steady::time_point now) {
    vouched_[address] = now;
    if (vouched_.size() <= kMostVouched) return;
    vouched_.erase(std::ranges::min_element(vouched_, {}, [](const auto& each) { return each.second; }));
}

}  // namespace countersign::server
