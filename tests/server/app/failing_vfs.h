// SPDX-License-Identifier: Apache-2.0
#pragma once

/// SQLite's own file layer with writes that fail when a test says so. Becomes the default of the process.
class FailingVfs {
  public:
    enum class Fault : int { None, Full, WriteError, SyncError };

    /// Registers it, once.
    static void install();
    /// After `good` more writes (or syncs) every one fails with `fault`, until `heal`.
    static void fail_after(int good, Fault fault);
    static void heal();
    /// Writes and syncs seen since `fail_after` or `heal`.
    static int seen();
};
