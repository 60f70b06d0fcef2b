// SPDX-License-Identifier: Apache-2.0
#include "cli/security_code_flags.h"

#include <string>

#include "countersign/code_stretch.h"

namespace countersign::cli {

Checked<Secret> read_key_file(const Arguments& arguments, std::string_view flag) {
    // One byte more than a key has, so that a longer file is told from a key.
    auto key = read_input(arguments, {"", flag, kStretchKeyBytes + 1});
    if (!key) return tl::unexpected(key.error());
    if (key->size() != kStretchKeyBytes) {
        return fail(UsageCode::ValueInvalid,
                    std::string(flag) + " is not usable; give a file of " + std::to_string(kStretchKeyBytes) + " bytes");
    }
    return key;
}

}  // namespace countersign::cli
