// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/digest.h"
#include "app/error.h"
#include "app/key_unlock.h"
#include "app/store_mark.h"

// A store of an older version, before it is brought to this one: what is refused is left as it was.

namespace countersign::server {

struct OlderStore {
    StoreMark mark;                   ///< under the id that it will have; an empty one when nothing in it tells that
    std::optional<Digest> key_check;  ///< of the master key; none before the first one
};

/// Only reads. @return nothing when there is no store yet, or when it is of this version
/// Errors: `data.unusable`, `data.newer_version`, `data.store_failed`.
[[nodiscard]] Answer<std::optional<OlderStore>> find_older_store(const std::string& data_directory);

/// Brings a store to this version in one step. Errors: `data.locked`, the other `data.*` codes.
[[nodiscard]] Answer<void> migrate_older_store(const std::string& data_directory);

/// That a store which is about to be migrated opens with this master key, or the previous one, and is not behind its
/// guard file. Errors: `master_key.unusable`, `master_key.mismatch`, `data.behind_guard`, those of `find_older_store`.
[[nodiscard]] Answer<void> check_before_upgrade(const KeyFiles& files);
/// The same, and then brings it to this version, unless a server runs on it. Errors: those, `data.locked`.
[[nodiscard]] Answer<void> bring_up_to_date(const KeyFiles& files);
/// The key alone: of a store that is to be accepted whatever its guard file says.
[[nodiscard]] Answer<void> check_key_before_upgrade(const KeyFiles& files);

}  // namespace countersign::server
