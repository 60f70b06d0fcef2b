// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "cli/command.h"

namespace countersign::cli {

struct Invocation {
    const Command* command = nullptr;
    Arguments arguments;
    bool json = false;
};

/// Text that was asked for in place of a command.
struct HelpText {
    std::string text;
};

/// Reads the command line against `all_commands()`. Never quotes an argument that is not one of our own
/// flags: it may be a secret put there by mistake. Whether a required flag is there is not asked: it may stand in the
/// environment or a file.
/// Errors: the `cli.*` codes.
[[nodiscard]] Checked<std::variant<Invocation, HelpText>> parse(int argc, const char* const* argv);

/// `--json` stands somewhere: failures are told as JSON even when the rest cannot be read.
[[nodiscard]] bool asks_for_json(int argc, const char* const* argv) noexcept;

}  // namespace countersign::cli
