// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/clock.h"
#include "app/error.h"
#include "app/key_store.h"
#include "app/keys.h"

namespace countersign::server {

/// Where a store and what opens it stand.
struct KeyFiles {
    std::string data_directory;
    std::string master_key_file;
    std::string previous_master_key_file{};  ///< while a rotation is under way; else empty
    std::string guard_directory{};           ///< empty: where the master key file is
};

/// What a process wants with the store.
enum class KeyUse : unsigned char {
    Serve,   ///< holds the directory's lock; begins a rotation when it is given both keys
    Rotate,  ///< the same, and takes the lock for that one step
    Beside,  ///< an operator's command; what a rotation has not reached yet it opens with both keys alone
    Read,    ///< takes no key for the store's own where there is none yet, and looks at one that was put back, too
};

/// Reads the master key and makes of it, and of what earlier rotations kept, the keys of this store (R20). Refuses a
/// store that is older than its guard file says (R17).
/// @param store  of the same data directory
/// Errors: `master_key.unusable`, `master_key.mismatch`, `master_key.previous_needed`, `master_key.in_use`,
/// `data.behind_guard`, `data.store_failed`.
[[nodiscard]] Answer<Keys> unlock_keys(const KeyFiles& files, KeyUse use, KeyStore& store, UnixSeconds now);

/// The same, of a store that is opened for this alone.
[[nodiscard]] Answer<Keys> unlock_keys(const KeyFiles& files, KeyUse use, UnixSeconds now);

}  // namespace countersign::server
