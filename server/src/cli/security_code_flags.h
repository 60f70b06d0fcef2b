// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cli/command.h"
#include "cli/input.h"
#include "countersign/secret.h"

namespace countersign::cli {

inline constexpr InputFlags kSecurityCodeFlags{"--code-stdin", "--code-file", 1024};
inline constexpr Flag kCodeStdinFlag{"--code-stdin", "", "Read the code from standard input, as typed"};
inline constexpr Flag kCodeFileFlag{"--code-file", "FILE", "Read the code from FILE"};

/// The 32 bytes of the file that `flag` names. Errors: `cli.file_unreadable`, `cli.value_invalid`.
[[nodiscard]] Checked<Secret> read_key_file(const Arguments& arguments, std::string_view flag);

}  // namespace countersign::cli
