// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "countersign/totp.h"

namespace countersign::server {

/// How far a store has come: by this it is told from its own past (R17).
struct StoreMark {
    std::string id;  ///< 32 hexadecimal digits, the same in every copy
    std::int64_t epoch = 0;
    std::int64_t commits = 0;
    UnixSeconds high_water;
    std::int64_t schema = 0;
    bool is_backup = false;  ///< a backup that was put in the place of a store by hand
};

}  // namespace countersign::server
