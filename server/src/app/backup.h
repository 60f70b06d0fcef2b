// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/digest.h"
#include "app/error.h"
#include "app/store_mark.h"
#include "countersign/totp.h"

// Going back, and knowing that one has (R17). A store that was restored accepts nothing from before.

namespace countersign::server {

/// What a backup says of itself, in its own table `backup_mark`.
struct BackupManifest {
    std::int64_t schema = 0;  ///< the number of its last migration
    std::int64_t epoch = 0;
    std::int64_t commits = 0;
    std::string key_id;    ///< of the master key it is sealed under; empty for a store that no key has opened yet
    std::string store_id;  ///< empty of a store older than these names
    UnixSeconds made_at;
    std::int64_t bytes = 0;
};

/// Writes one consistent file of mode 0600, beside a running server, and checks it before it gets its name.
///
/// The file is a store whose secrets are sealed; the master key is not in it. A store of an older version is
/// not migrated. What was begun is deleted when it fails.
/// @param out  must not exist; outside the data directory
/// Errors: `backup.unusable`, the `data.*` codes.
[[nodiscard]] Answer<BackupManifest> write_backup(const std::string& data_directory, const std::string& out,
                                                  UnixSeconds now);

/// When a backup of the store was made last, as its audit log has it; nothing: never. Reads, beside a running server or
/// without one. Errors: `data.store_failed`.
[[nodiscard]] Answer<std::optional<UnixSeconds>> read_last_backup(const std::string& data_directory);

/// One restore, from the lock on the directory to the store in its place. Nothing is changed before `finish`;
/// left without it, nothing was.
class Restoration {
  public:
    /// Copies a backup beside the place where it will stand, checks and migrates the copy.
    /// @param replace  a store that stands there is kept aside
    /// Errors: `backup.unusable`, `data.store_exists`, the other `data.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<Restoration>> from_backup(const std::string& file,
                                                                          const std::string& data_directory,
                                                                          bool replace);
    /// Takes the store that stands there, put there by whatever hand. Errors: the `data.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<Restoration>> in_place(const std::string& data_directory);
    virtual ~Restoration() = default;

    /// Of the store that is to be served.
    [[nodiscard]] virtual Answer<StoreMark> mark() = 0;
    [[nodiscard]] virtual Answer<bool> match_key(const Digest& key_check) = 0;

    struct Terms {
        UnixSeconds now;                 ///< by the wall clock
        std::int64_t epoch_before = 0;   ///< what the guard file knows; the new epoch is above it
        bool keep_codes = false;         ///< security codes stay valid, those used since the backup included
    };
    struct Outcome {
        StoreMark mark;
        UnixSeconds floor;
        std::int64_t codes_kept = 0;
        std::int64_t mails_dropped = 0;
        std::string kept_aside;  ///< where the store is that stood there; empty without one
    };
    /// Raises epoch and floor in one transaction, and only then puts the store where servers look for it.
    [[nodiscard]] virtual Answer<Outcome> finish(const Terms& terms) = 0;
};

}  // namespace countersign::server
