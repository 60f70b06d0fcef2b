// SPDX-License-Identifier: Apache-2.0
#pragma once

/// SQLite's own file layer with writes that fail when a test says so. Becomes the default of the process.
class FailingVfs {
  public:
    enum class Fault : int { None, Full, WriteError, SyncError, DatabaseSyncError, LockError };

    /// Registers it, once.
    static void install();
    /// After `good` more writes (or syncs, of any file or of the database file alone, or takings of the write lock) every one fails with `fault`, until `heal`.
    static void fail_after(int good, Fault fault);
    static void heal();
};
