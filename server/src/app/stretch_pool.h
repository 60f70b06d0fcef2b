// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace countersign::server {

/// Where the server stretches codes: each costs tens of milliseconds and 19 MiB, so two run at once, a few
/// wait, and who comes then is turned away. Known and unknown users stand in the same line (R14).
class StretchPool {
  public:
    static constexpr std::size_t kThreads = 2;
    static constexpr std::size_t kMostWaiting = 16;

    using After = std::function<void()>;
    using Work = std::function<After()>;

    StretchPool();
    ~StretchPool();
    StretchPool(const StretchPool&) = delete;
    StretchPool& operator=(const StretchPool&) = delete;

    /// Any thread. False, and nothing done, when the line is full or the pool has stopped.
    ///
    /// @param work  what stretches; destroyed with all it holds, the code first of all, before what it returns is
    ///              called: from there an answer may leave on another thread before this one gets any further
    [[nodiscard]] bool submit(Work work);
    /// Finishes what waits, then ends the threads.
    void stop();

  private:
    void loop();

    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<Work> line_;
    bool stopping_ = false;
    std::array<std::thread, kThreads> threads_;
};

}  // namespace countersign::server
