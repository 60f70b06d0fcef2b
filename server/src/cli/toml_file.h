// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cli/failure.h"

namespace countersign::cli {

/// What none of our settings is: a date, a number with a point, an array of something else.
struct OtherToml {};
/// A table without a key.
struct EmptyTable {};

using TomlValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>, OtherToml, EmptyTable>;

struct TomlEntry {
    std::string key;         ///< with its tables: `listen.address`; a part with other symbols stands in quotes
    std::int64_t line = 0;   ///< from 1
    TomlValue value;
};

/// Reads a file of at most 64 KiB that nobody else could have written: it belongs to root or to who runs this, and
/// neither its group nor others may write to it.
///
/// What it holds is never part of an error: the path may be that of a key by mistake.
/// @return the values in the order of the file
/// Errors: `config.file_unreadable`, `config.file_unsafe`, `config.malformed`.
[[nodiscard]] Checked<std::vector<TomlEntry>> read_toml_file(const std::string& path);

}  // namespace countersign::cli
