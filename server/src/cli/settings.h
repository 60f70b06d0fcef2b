// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace countersign::cli {

enum class SettingKind : unsigned char {
    Text,    ///< TOML: a string; an empty one is the same as none
    Number,  ///< TOML: an integer
    Switch,  ///< TOML and environment: true or false; on the command line its presence
    List,    ///< TOML: an array of strings; elsewhere joined by commas
};

enum class Reload : unsigned char { Restart, OnSignal };

/// What a setting may tell of itself. The content of a secret is never a setting: only the path of its file is.
enum class Holds : unsigned char { Plain, SecretPath };

/// One setting of the server: the same by flag, by environment variable and in the file of `--config`.
///
/// Precedence: flag, environment, file, default. `serve` has all of them as flags, in this order; another command
/// has those that stand among its own flags. A setting is read as `arguments.text(flag)`, wherever it came from.
// In the order in which a line of the table is read.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct Setting {
    std::string_view flag;      ///< `--listen`
    std::string_view key;       ///< `listen.address`: table and key in the file
    std::string_view value;     ///< `ADDR:PORT`, as in the help; empty for a switch
    SettingKind kind = SettingKind::Text;
    std::string_view standard;  ///< the default, as `config` shows it; empty: none
    Reload reload = Reload::Restart;
    Holds holds = Holds::Plain;
    std::string_view help;
};

/// Every setting, in the order of the help. A new one is a line in settings.cpp and a row in docs/cli.md.
[[nodiscard]] std::span<const Setting> all_settings() noexcept;
[[nodiscard]] const Setting* find_setting(std::string_view flag) noexcept;

/// `COUNTERSIGN_` and the flag in capitals: `COUNTERSIGN_OPERATOR_LISTEN`.
[[nodiscard]] std::string environment_name(const Setting& setting);

/// The settings as flags, for `serve` and for those who say what it would do.
[[nodiscard]] std::vector<Flag> setting_flags();

/// `--config FILE`, which every command has that takes a setting.
inline constexpr Flag kConfigFlag{"--config", "FILE", "Settings that stand in no flag (TOML; default: COUNTERSIGN_CONFIG)"};
[[nodiscard]] bool takes_settings(const Command& command) noexcept;

}  // namespace countersign::cli
