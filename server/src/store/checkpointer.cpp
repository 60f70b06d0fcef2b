// SPDX-License-Identifier: Apache-2.0
#include "store/checkpointer.h"

#include <sqlite3.h>

#include <exception>

namespace countersign::server {
namespace {

/// Often enough that what a pause has to copy is little, and seldom enough that the disk has more to do at a time than
/// one page.
constexpr int kPagesAtOnce = 100;
/// The writer copies so many himself, in about a millisecond.
constexpr int kFewPages = 64;

/// As much as readers and the writer allow, without waiting for any of them. What fails now is tried again later.
/// @return how many pages of the log are in the database file; negative when it failed
int copy_log(Database& database) noexcept {
    int copied = -1;
    sqlite3_wal_checkpoint_v2(database.connection().getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
    return copied;
}

/// SQLite sees to that only when the last page is copied, which is the writer's: he would wait for all of them.
void see_to_disk(Database& database) noexcept {
    sqlite3_file* file = nullptr;
    sqlite3* const connection = database.connection().getHandle();
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return;
    if (file == nullptr || file->pMethods == nullptr) return;
    file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);  // SQLite itself makes sure of it at the end
}

}  // namespace

Checkpointer::Checkpointer(Database& writer) : writer_(writer) {
    sqlite3* const connection = writer.connection().getHandle();
    sqlite3_wal_hook(connection, &note_length, this);  // takes the place of SQLite's own checkpoints
    thread_ = std::thread([this, file = std::string(sqlite3_db_filename(connection, "main"))] { loop(file); });
}

Checkpointer::~Checkpointer() {
    sqlite3_wal_hook(writer_.connection().getHandle(), nullptr, nullptr);
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

int Checkpointer::note_length(void* self, sqlite3*, const char*, int pages) noexcept {
    static_cast<Checkpointer*>(self)->log_pages_ = pages;
    return SQLITE_OK;
}

void Checkpointer::tend() {
    if (log_pages_ < asked_at_) {  // the log has begun anew
        asked_at_ = 0;
        copied_ = 0;
    }
    const bool long_log = log_pages_ >= kLongestLog;
    if (long_log && (log_pages_ - copied_ <= kFewPages || log_pages_ >= kLongestLog / 2 * 3)) {
        copy_log(writer_);
        return;
    }
    if (log_pages_ - asked_at_ < (long_log ? kFewPages : kPagesAtOnce)) return;
    asked_at_ = log_pages_;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    woken_.notify_one();
}

void Checkpointer::loop(const std::string& file) {
    std::unique_ptr<Database> database;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            woken_.wait(lock, [this] { return stopping_ || wanted_; });
            if (stopping_) return;
            wanted_ = false;
        }
        try {
            if (!database) database = std::make_unique<Database>(file, Role::Reader);
            const int copied = copy_log(*database);
            see_to_disk(*database);
            if (copied >= 0) copied_ = copied;
        } catch (const std::exception&) {  // the writer copies when the log is long
            database.reset();
        }
    }
}

}  // namespace countersign::server
