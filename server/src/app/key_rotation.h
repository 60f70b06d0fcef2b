// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/key_unlock.h"

namespace countersign::server {

struct RotationReport {
    std::string key_id;            ///< under which all is sealed now
    std::string previous;          ///< empty: there was nothing to do
    std::int64_t sealed_anew = 0;  ///< by this run
    std::int64_t unopened = 0;     ///< rows that the previous key does not open
    std::vector<std::string> first_unopened;  ///< at most 20: table, realm, user and id
    bool ended = false;            ///< the previous key is not needed any more
};

/// Seals under the new master key what is still sealed under the previous one, in small transactions beside a
/// server that knows both. May be ended at any moment and run again. Errors: those of `unlock_keys`.
[[nodiscard]] Answer<RotationReport> rotate_keys(const KeyFiles& files, const Clock& clock);

struct KeyStatus {
    std::string current;
    std::string previous;  ///< empty when no rotation is under way
    std::vector<std::string> retired;
    std::vector<KeyCount> credentials;
    std::vector<KeyCount> contacts;
    std::vector<KeyCount> mails;
};

/// Counts every row; needs no key. Errors: the `data.*` codes.
[[nodiscard]] Answer<KeyStatus> key_status(const std::string& data_directory);

}  // namespace countersign::server
