// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "app/error.h"
#include "countersign/error.h"

namespace countersign::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitNo = 1;     ///< the answer is no, or the machine did not let us
inline constexpr int kExitUsage = 2;  ///< the question was malformed

/// What goes wrong before the product's own code is asked; each with its stable code.
enum class UsageCode : unsigned char {
    CommandMissing,    ///< `cli.command_missing`
    CommandUnknown,    ///< `cli.command_unknown`
    FlagUnknown,       ///< `cli.flag_unknown`
    FlagMissing,       ///< `cli.flag_missing`
    FlagRepeated,      ///< `cli.flag_repeated`
    FlagConflict,      ///< `cli.flag_conflict`: two flags that exclude each other
    ValueMissing,      ///< `cli.value_missing`: a flag without its value
    ValueInvalid,      ///< `cli.value_invalid`
    ArgumentUnexpected,///< `cli.argument_unexpected`
    FileUnreadable,    ///< `cli.file_unreadable`
    FileNotWritten,    ///< `cli.file_not_written`: it exists already, or cannot be made
    InputTooLong,      ///< `cli.input_too_long`
    HexMalformed,      ///< `cli.hex_malformed`
    OutputFailed,      ///< `cli.output_failed`: standard output cannot be written
    ListenFailed,      ///< `listen.failed`: the address cannot be had
    ListenInsecure,    ///< `listen.insecure`: plain HTTP beyond this machine, unasked
    ConfigUnreadable,  ///< `config.file_unreadable`
    ConfigUnsafe,      ///< `config.file_unsafe`: others may write it
    ConfigMalformed,   ///< `config.malformed`: no TOML
    ConfigKeyUnknown,  ///< `config.key_unknown`
    ConfigValueType,   ///< `config.value_type`
    ConfigVariableUnknown,  ///< `config.variable_unknown`: COUNTERSIGN_ and a name that is none of ours
};

[[nodiscard]] std::string_view usage_code_name(UsageCode code) noexcept;

/// One line for a person and a stable code for a program.
struct Failure {
    std::string code;
    std::string message;  ///< what, where, what to do; without the program's name
    int exit_code = kExitUsage;
};

template <class T>
using Checked = tl::expected<T, Failure>;

[[nodiscard]] tl::unexpected<Failure> fail(UsageCode code, std::string message);
/// @param where  the flag or the input that the core complains about
[[nodiscard]] tl::unexpected<Failure> fail(const Error& error, std::string_view where);
[[nodiscard]] tl::unexpected<Failure> fail(const server::ServerError& error, std::string_view where);

}  // namespace countersign::cli
