// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "store/database.h"

namespace countersign::server {

/// Brings what is in the write-ahead log into the database file, beside the writer: a thread with a connection of its
/// own copies it and sees it onto the disk, so that nobody's answer waits for that. SQLite begins the log anew only when
/// all of it is copied, which under load it never is; so once the log is long and little is left, the writer copies
/// the rest itself, between two batches. What is durable does not change by this: it is durable in the log.
class Checkpointer {
  public:
    /// In pages; 25 MiB: what a start after a crash has to read, in some 30 ms. Half as much more when the disk is slower
    /// than the writer.
    static constexpr int kLongestLog = 6400;

    /// @param writer  outlives this; nothing else may set its WAL hook
    explicit Checkpointer(Database& writer);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// The database file could not be brought onto the disk: from then on the log is kept whole and nothing is copied,
    /// until the process ends and another one begins. Any thread.
    [[nodiscard]] bool failed() const noexcept { return failed_; }

    /// The writer's thread, outside a transaction, when its answers have left.
    void tend();

  private:
    static int note_length(void* self, sqlite3* connection, const char* schema, int pages) noexcept;
    void loop();
    void keep_log();

    Database& writer_;
    std::string file_;
    std::atomic<bool> failed_{false};
    int log_pages_ = 0;    // as of the last commit; the writer's thread alone
    int asked_at_ = 0;     // how long the log was when the thread was last woken
    std::atomic<int> copied_{0};  // pages of the log that are in the database file and on the disk
    std::mutex mutex_;
    std::condition_variable woken_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
