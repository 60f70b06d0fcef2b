// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace countersign::cli {

/// What follows a flag.
enum class Follows : unsigned char { Nothing, AnyText, File, Directory };

struct CompletionFlag {
    std::string_view name;
    std::string_view help;
    Follows follows = Follows::Nothing;
};

struct CompletionWord {
    std::string word;
    std::string_view help;
};

/// A place in the command line: after nothing, after a group, or after a command.
struct CompletionPlace {
    std::string path;                   ///< empty, `totp`, `totp generate`
    std::vector<CompletionWord> words;  ///< commands that may follow
    std::vector<CompletionFlag> flags;  ///< of a command
};

/// Every place, made of the table of commands: what a shell completes cannot differ from what is read.
[[nodiscard]] std::vector<CompletionPlace> completion_places();

}  // namespace countersign::cli
