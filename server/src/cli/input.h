// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "countersign/secret.h"

namespace countersign::cli {

/// A pair of flags by which a secret comes in: never by the command line itself, which every user of the
/// machine can read.
struct InputFlags {
    std::string_view from_stdin;  ///< `--secret-stdin`
    std::string_view from_file;   ///< `--secret-file`
    std::size_t limit;            ///< bytes
};

/// Reads all of standard input or of the file; exactly one of the two flags has to be given.
/// Errors: `cli.flag_missing`, `cli.flag_conflict`, `cli.file_unreadable`, `cli.input_too_long`.
[[nodiscard]] Checked<Secret> read_input(const Arguments& arguments, const InputFlags& flags);

/// Drops one end of line, as an editor or `echo` leaves it.
void trim_line_end(Secret& text) noexcept;

}  // namespace countersign::cli
