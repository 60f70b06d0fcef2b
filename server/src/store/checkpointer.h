// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "store/database.h"

namespace countersign::server {

/// Brings what is in the write-ahead log into the database file, beside the writer: a thread with a connection of its
/// own copies it a thousand pages at a time, so that nobody's answer waits for that. SQLite begins the log anew only
/// when all of it is copied, which under load it never is; so the writer copies the rest itself once the log is long,
/// between two batches. What is durable does not change by this: it is durable in the log.
class Checkpointer {
  public:
    static constexpr int kPagesAtOnce = 1000;
    /// 25 MiB: seldom enough that the pause is not what one request in a hundred meets, and read in some 30 ms after
    /// a crash.
    static constexpr int kLongestLog = 6400;

    /// @param writer  outlives this; nothing else may set its WAL hook
    explicit Checkpointer(Database& writer);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// The writer's thread, outside a transaction, when its answers have left.
    void tend();

  private:
    static int note_length(void* self, sqlite3* connection, const char* schema, int pages) noexcept;
    void loop(const std::string& file);

    Database& writer_;
    int log_pages_ = 0;    // as of the last commit; the writer's thread alone
    int asked_at_ = 0;     // how long the log was when the thread was last woken
    std::mutex mutex_;
    std::condition_variable woken_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
