// SPDX-License-Identifier: Apache-2.0
#include "app/admission.h"

#include <utility>

namespace countersign::server {

Admission::Ticket::Ticket(Ticket&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), key_(std::move(other.key_)) {}

Admission::Ticket& Admission::Ticket::operator=(Ticket&& other) noexcept {
    if (this != &other) {
        if (gate_ != nullptr) gate_->leave(key_);
        gate_ = std::exchange(other.gate_, nullptr);
        key_ = std::move(other.key_);
    }
    return *this;
}

Admission::Ticket::~Ticket() {
    if (gate_ != nullptr) gate_->leave(key_);
}

Admission::Ticket Admission::admit(std::string_view realm, std::string_view user, std::string_view method) {
    // NUL stands in none of the three, so it separates them.
    std::string key;
    key.reserve(realm.size() + user.size() + method.size() + 2);
    key.append(realm).append(1, '\0').append(method).append(1, '\0').append(user);
    const std::lock_guard lock(mutex_);
    if (inside_.size() >= kInAll) return {};
    int& count = inside_[key];
    if (count >= kPerUserAndMethod) return {};
    ++count;
    return {this, std::move(key)};
}

void Admission::leave(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = inside_.find(key);
    if (found != inside_.end() && --found->second == 0) inside_.erase(found);
}

}  // namespace countersign::server
