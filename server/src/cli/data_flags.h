// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/administration.h"
#include "cli/command.h"

namespace countersign::cli {

inline constexpr Flag kDataFlag{"--data", "DIR", "The server's data directory", true};
inline constexpr Flag kMasterKeyFlag{
    "--master-key-file", "FILE", "The master key (default: the systemd credential master-key)"};
inline constexpr Flag kPreviousKeyFlag{
    "--previous-master-key-file", "FILE", "The master key before this one, until `keys rotate` has ended"};
inline constexpr Flag kGuardFlag{
    "--guard-directory", "DIR", "Where the guard file is kept, outside the data directory (default: beside the master key)"};
inline constexpr Flag kRealmFlag{"--realm", "NAME", "The realm (default: default)"};

/// `--master-key-file`, or the credential `master-key` that systemd hands to a service.
/// Errors: `cli.flag_missing`.
[[nodiscard]] Checked<std::string> master_key_path(const Arguments& arguments);
/// The same for a command that needs the key; an empty text for one that does not.
[[nodiscard]] Checked<std::string> key_path_if(bool needed, const Arguments& arguments);
/// Why the store in `data` does not open, told of the flag that it is about.
[[nodiscard]] tl::unexpected<Failure> not_opened(const server::ServerError& error, const std::string& data);

/// Opens the store beside a running server or before the first one.
/// @param needs_key  asks for the master key, and makes the store when there is none yet
[[nodiscard]] Checked<std::unique_ptr<server::Administration>> open_administration(const Arguments& arguments,
                                                                                   bool needs_key);

[[nodiscard]] inline std::string realm_of(const Arguments& arguments) {
    return arguments.text("--realm", "default");
}

}  // namespace countersign::cli
