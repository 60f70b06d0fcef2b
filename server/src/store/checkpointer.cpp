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

struct Copy {
    int pages = -1;            ///< of the log that are in the database file; negative when it failed
    bool sync_failed = false;  ///< the kernel could not bring the database file onto the disk
};

/// As much as readers and the writer allow, without waiting for any of them. What fails now is tried again later.
Copy copy_log(Database& database) noexcept {
    Copy copy;
    const int result = sqlite3_wal_checkpoint_v2(database.connection().getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                                 nullptr, &copy.pages);
    copy.sync_failed = result == SQLITE_IOERR_FSYNC;
    return copy;
}

/// SQLite sees to that only when the last page is copied, which is the writer's: he would wait for all of them.
/// @return false when it failed
bool see_to_disk(Database& database) noexcept {
    sqlite3_file* file = nullptr;
    sqlite3* const connection = database.connection().getHandle();
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return true;
    if (file == nullptr || file->pMethods == nullptr) return true;
    return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) == SQLITE_OK;
}

}  // namespace

Checkpointer::Checkpointer(Database& writer) : writer_(writer) {
    sqlite3* const connection = writer.connection().getHandle();
    file_ = sqlite3_db_filename(connection, "main");
    sqlite3_wal_hook(connection, &note_length, this);  // takes the place of SQLite's own checkpoints
    thread_ = std::thread([this] { loop(); });
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
    if (failed_) return;
    if (long_log && (log_pages_ - copied_ <= kFewPages || log_pages_ >= kLongestLog / 2 * 3)) {
        if (copy_log(writer_).sync_failed) keep_log();
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

// The kernel tells a page that it could not write once, and then takes it for written: the next sync would succeed
// without it, and the log, where it still is, would begin anew over it. A start copies the whole log again.
void Checkpointer::keep_log() {
    failed_ = true;
    Database::keep_log_of(file_);
}

void Checkpointer::loop() {
    std::unique_ptr<Database> database;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            woken_.wait(lock, [this] { return stopping_ || wanted_; });
            if (stopping_) return;
            wanted_ = false;
        }
        try {
            if (!database) database = std::make_unique<Database>(file_, Role::Reader);
            const Copy copy = copy_log(*database);
            if (copy.sync_failed || !see_to_disk(*database)) return keep_log();
            if (copy.pages >= 0) copied_ = copy.pages;
        } catch (const std::exception&) {  // the writer copies when the log is long
            database.reset();
        }
    }
}

}  // namespace countersign::server
