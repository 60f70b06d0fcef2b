// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/store.h"
#include "store/checkpointer.h"
#include "store/database.h"
#include "store/job.h"

namespace countersign::server {

using Batch = std::vector<std::unique_ptr<Job>>;

/// The one thread that writes. What has gathered while the disk was busy becomes one transaction; answers
/// leave after its commit, or say `server.unavailable` (R10).
class Writer {
  public:
    static constexpr std::size_t kLargestBatch = 256;
    static constexpr std::size_t kLongestQueue = 32768;

    /// @param database  the writer's own connection
    Writer(std::unique_ptr<Database> database, CommitClock& clock, Meter& meter = Meter::none());
    ~Writer();

    /// Any thread. Refused at once after `stop` and when the queue is full.
    void submit(std::unique_ptr<Job> job);
    void stop();
    /// Any thread.
    [[nodiscard]] std::size_t queue_length();
    [[nodiscard]] bool healthy() const noexcept { return healthy_.load(std::memory_order_relaxed); }
    /// The log is copied no more, since the disk failed (`Checkpointer::failed`). Any thread.
    [[nodiscard]] bool disk_failed() const noexcept { return checkpointer_.failed(); }

  private:
    enum class Committed : unsigned char {
        Yes,      ///< every job's work is on disk, or the job has failed
        No,       ///< none is; one of them may be at fault
        NotBegun  ///< none is, and none can be at fault: the store could not be had
    };

    void loop();
    [[nodiscard]] Batch gather();
    void carry_out(Batch batch);
    [[nodiscard]] Committed commit(const Batch& batch);
    void run_one(Job& job, const StoreState& state);
    [[nodiscard]] bool run_in_savepoint(Job& job, const StoreState& state, CountOnly only);
    [[nodiscard]] StoreState touch_state();
    void keep_house();

    std::unique_ptr<Database> database_;
    Checkpointer checkpointer_;
    CommitClock& clock_;
    Meter& meter_;
    std::atomic<bool> healthy_{true};
    std::chrono::steady_clock::time_point next_sweep_;

    std::mutex mutex_;
    std::condition_variable gathered_;
    std::deque<std::unique_ptr<Job>> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
