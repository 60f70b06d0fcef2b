// SPDX-License-Identifier: Apache-2.0
#include "store/checkpointer.h"

#include <sqlite3.h>

#include <exception>

namespace countersign::server {
namespace {

/// As much as readers and the writer allow, without waiting for any of them. What fails now is tried again later.
void copy_log(Database& database) noexcept {
    sqlite3_wal_checkpoint_v2(database.connection().getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
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
    if (log_pages_ < asked_at_) asked_at_ = 0;  // the log has begun anew
    if (log_pages_ >= kLongestLog) {
        copy_log(writer_);
        return;
    }
    if (log_pages_ - asked_at_ < kPagesAtOnce) return;
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
            copy_log(*database);
        } catch (const std::exception&) {  // the writer copies when the log is long
            database.reset();
        }
    }
}

}  // namespace countersign::server
