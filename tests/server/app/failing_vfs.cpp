// SPDX-License-Identifier: Apache-2.0
#include "failing_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>

namespace {

std::atomic<int> good_left{0};
std::atomic<FailingVfs::Fault> armed{FailingVfs::Fault::None};

/// A file of ours, the real one right behind it in the same allocation.
struct File {
    sqlite3_file base;
    bool is_database;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }
sqlite3_vfs* underlying = nullptr;
sqlite3_vfs shim;
sqlite3_io_methods methods;

/// SQLITE_OK, or the error that is due to an operation which `fault` befalls.
int next(FailingVfs::Fault fault, int error) {
    if (armed.load() != fault || good_left.fetch_sub(1) > 0) return SQLITE_OK;
    return error;
}

int next_write() {
    const int full = next(FailingVfs::Fault::Full, SQLITE_FULL);
    return full != SQLITE_OK ? full : next(FailingVfs::Fault::WriteError, SQLITE_IOERR_WRITE);
}

int close_file(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read_file(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, n, at); }
int write_file(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    if (const int failure = next_write(); failure != SQLITE_OK) return failure;
    return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 n) { return real(f)->pMethods->xTruncate(real(f), n); }
int sync_file(sqlite3_file* f, int flags) {
    if (reinterpret_cast<File*>(f)->is_database) {
        if (const int failure = next(FailingVfs::Fault::DatabaseSyncError, SQLITE_IOERR_FSYNC); failure != SQLITE_OK) return failure;
    }
    if (const int failure = next(FailingVfs::Fault::SyncError, SQLITE_IOERR_FSYNC); failure != SQLITE_OK) return failure;
    return real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* n) { return real(f)->pMethods->xFileSize(real(f), n); }
int lock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock_file(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_lock(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int characteristics(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    const bool for_writing = offset == 0 && (flags & SQLITE_SHM_LOCK) != 0 && (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    const int failure = for_writing ? next(FailingVfs::Fault::LockError, SQLITE_IOERR_SHMLOCK) : SQLITE_OK;
    return failure != SQLITE_OK ? failure : real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
    std::memset(f, 0, sizeof(File));
    reinterpret_cast<File*>(f)->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int opened = underlying->xOpen(underlying, name, real(f), flags, out);
    if (real(f)->pMethods != nullptr) f->pMethods = &methods;
    return opened;
}

}  // namespace

void FailingVfs::install() {
    if (underlying != nullptr) return;
    underlying = sqlite3_vfs_find(nullptr);
    methods = {2,           close_file, read_file,  write_file, truncate_file,   sync_file, file_size,
               lock_file,   unlock_file, check_lock, control,    sector_size,     characteristics,
               shm_map,     shm_lock,   shm_barrier, shm_unmap,  nullptr,         nullptr};
    shim = *underlying;
    shim.pNext = nullptr;
    shim.zName = "failing";
    shim.szOsFile = static_cast<int>(sizeof(File)) + underlying->szOsFile;
    shim.xOpen = open_file;
    sqlite3_vfs_register(&shim, 1);
}

void FailingVfs::fail_after(int good, Fault fault) {
    good_left = good;
    armed = fault;
}

void FailingVfs::heal() {
    armed = Fault::None;
}
