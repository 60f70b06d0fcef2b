// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/failure.h"

namespace countersign::cli {

/// One flag of a command. No flag of any command takes a secret: those come by standard input or file.
struct Flag {
    std::string_view name;   ///< `--digits`
    std::string_view value;  ///< `N`; empty for a switch
    std::string_view help;
    bool required = false;
};

/// Where a value comes from.
enum class Origin : unsigned char { Flag, Environment, File };

struct Place {
    Origin origin = Origin::Flag;
    std::string text{};  ///< the variable's name, or `FILE:LINE: KEY`; empty for a flag
};

/// The flags as given, and settings out of the environment and the file; what nobody gave is absent.
class Arguments {
  public:
    void set(std::string_view flag, std::string value, Place place = {}) {
        values_.insert_or_assign(std::string(flag), Value{std::move(value), std::move(place)});
    }
    void unset(std::string_view flag) {
        if (const auto found = values_.find(flag); found != values_.end()) values_.erase(found);
    }

    [[nodiscard]] bool has(std::string_view flag) const { return values_.find(flag) != values_.end(); }
    [[nodiscard]] std::string text(std::string_view flag, std::string_view otherwise = {}) const;
    /// A decimal number, or `otherwise`. Errors: `cli.value_invalid`.
    [[nodiscard]] Checked<std::int64_t> integer(std::string_view flag, std::int64_t otherwise,
                                                std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                                                std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    /// A decimal number of 0 to 2^64 - 1, or nothing. Errors: `cli.value_invalid`.
    [[nodiscard]] Checked<std::optional<std::uint64_t>> counter(std::string_view flag) const;
    /// Where the value stands; as if by flag when there is none.
    [[nodiscard]] Place place(std::string_view flag) const;
    /// These without what came from the environment or the file.
    [[nodiscard]] Arguments only_flags() const;

  private:
    struct Value {
        std::string text;
        Place place;
    };
    std::map<std::string, Value, std::less<>> values_;
};

/// What a command has to say, in both forms; printed and then wiped.
struct Printout {
    std::string text;  ///< lines, each with its end
    std::string json;  ///< one object
    int exit_code = kExitDone;
};

/// One command, such as `totp verify`; each stands in a file of its own.
struct Command {
    std::string_view name;  ///< one word, or group and word
    std::string_view summary;
    std::string_view details;  ///< after the flags: what a stranger asks next, with an example
    std::vector<Flag> flags;
    Checked<Printout> (*run)(const Arguments& arguments);
};

/// `totp`, `uri`, ...: what `countersign --help` says of each.
struct CommandGroup {
    std::string_view name;
    std::string_view summary;
};

/// Every command, in the order of the help.
[[nodiscard]] const std::vector<Command>& all_commands();
[[nodiscard]] std::span<const CommandGroup> all_command_groups() noexcept;

/// Reads the command line, runs the command, prints what it says. @return the exit code
int run(int argc, const char* const* argv);

}  // namespace countersign::cli
