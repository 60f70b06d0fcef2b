// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace countersign::server {

/// Who may try a code now (R9b). Of one user and method one attempt is in a batch and one more waits;
/// further ones are turned away before anything is read or hashed, alike for users nobody has heard of.
///
/// A `Ticket` is held until the answer has left.
class Admission {
  public:
    static constexpr int kPerUserAndMethod = 2;
    /// Of everybody: beyond it memory, not the disk, would be the queue.
    static constexpr std::size_t kInAll = 16384;

    class Ticket {
      public:
        Ticket() = default;
        Ticket(Ticket&& other) noexcept;
        Ticket& operator=(Ticket&& other) noexcept;
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;
        ~Ticket();
        [[nodiscard]] explicit operator bool() const noexcept { return gate_ != nullptr; }

      private:
        friend class Admission;
        Ticket(Admission* gate, std::string key) : gate_(gate), key_(std::move(key)) {}
        Admission* gate_ = nullptr;
        std::string key_;
    };

    /// An empty ticket means no.
    [[nodiscard]] Ticket admit(std::string_view realm, std::string_view user, std::string_view method);

  private:
    void leave(const std::string& key);

    std::mutex mutex_;
    std::unordered_map<std::string, int> inside_;
};

}  // namespace countersign::server
