// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

namespace countersign::server {

/// Where a thread that serves connections takes what another has finished for it. The writer puts there the jobs of a
/// commit, so that forming and sending their answers costs the next commit no time, and wakes each thread once for all
/// of them.
class Inbox {
  public:
    class Item {
      public:
        Item() = default;
        virtual ~Item() = default;
        Item(const Item&) = delete;
        Item& operator=(const Item&) = delete;
        /// Once, by the inbox's thread, which destroys the item next: before anything else that `open` has begun there.
        virtual void open() = 0;
    };

    virtual ~Inbox() = default;
    Inbox() = default;
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// Any thread. They are opened in this order; not at all when the thread has ended.
    virtual void put(std::vector<std::unique_ptr<Item>> items) = 0;

    /// The calling thread's own; none for a thread that nobody waits at a connection for.
    [[nodiscard]] static Inbox* of_this_thread() noexcept { return seated(); }

    /// Gives the calling thread its inbox, for the scope's time.
    class Seat {
      public:
        explicit Seat(Inbox& inbox) noexcept { seated() = &inbox; }
        ~Seat() { seated() = nullptr; }
        Seat(const Seat&) = delete;
        Seat& operator=(const Seat&) = delete;
    };

  private:
    [[nodiscard]] static Inbox*& seated() noexcept {
        thread_local Inbox* inbox = nullptr;
        return inbox;
    }
};

}  // namespace countersign::server
