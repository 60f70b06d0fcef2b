// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/digest.h"
#include "app/error.h"
#include "countersign/totp.h"

namespace countersign::server {

/// What can be told of a store by reading it.
struct StoreCheckup {
    std::int64_t schema = 0;
    std::int64_t newest_schema = 0;  ///< which this version knows
    bool is_backup = false;          ///< a backup in the place of a store
    std::string complaint;           ///< of SQLite about the first damaged page; empty when all are sound
    UnixSeconds high_water;
    UnixSeconds floor;               ///< nothing from before it is accepted (R17)
    std::optional<Digest> key_check; ///< of the master key; none before the first one
    std::optional<UnixSeconds> last_backup;  ///< none: there was no backup yet
};

/// Reads every page of the store in a directory, beside a running server or without one; migrates and changes nothing.
/// @return nothing when there is no store yet
/// Errors: `data.unusable`, `data.newer_version`, `data.store_failed`.
[[nodiscard]] Answer<std::optional<StoreCheckup>> check_store(const std::string& data_directory);

}  // namespace countersign::server
