// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/backup.h"
#include "app/clock.h"

namespace countersign::server {

/// A backup beside a running server. The master key is not in it. Errors: `backup.unusable`, the `data.*` codes.
[[nodiscard]] Answer<BackupManifest> make_backup(const std::string& data_directory, const std::string& out,
                                                 const Clock& clock);

struct RestoreOptions {
    std::string file;  ///< empty: the store that stands in the data directory
    std::string data_directory;
    std::string master_key_file;
    std::string guard_directory;  ///< empty: where the master key file is
    bool accept = false;          ///< keep a store that stands there aside
    bool keep_codes = false;
};

struct RestoreReport {
    Restoration::Outcome outcome;
    std::string guard_missing;  ///< why the guard file could not be written; empty: it was
};

/// Restores a backup, or accepts a store that was put there by hand: nothing from before is accepted any more (R17).
/// Returns when the clock has left the floor's second, so that what is begun next counts.
/// Errors: `backup.unusable`, `master_key.mismatch`, `clock.unreliable`, the `data.*` codes.
[[nodiscard]] Answer<RestoreReport> restore(const RestoreOptions& options, const Clock& clock);

}  // namespace countersign::server
