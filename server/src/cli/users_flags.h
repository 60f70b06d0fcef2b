// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/people.h"
#include "cli/command.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {

inline constexpr Flag kUserFlag{"--user", "ID", "The user", true};

/// What a command needs the master key for.
enum class KeyNeed : unsigned char {
    None,
    IfGiven,  ///< to open addresses
    Always,   ///< to open or seal; the store is made when it is not there and `create` says so
};

/// Opens the store of `--data` beside a running server. Errors: `cli.flag_missing`, the `data.*` and `master_key.*` codes.
[[nodiscard]] Checked<std::unique_ptr<server::People>> open_people(const Arguments& arguments, KeyNeed need,
                                                                   bool create = false);

/// `active`, `pending`, `disabled`, or `paused` while a delay runs.
[[nodiscard]] std::string_view state_of(const server::HeldMethod& held, UnixSeconds now) noexcept;

/// One method as JSON, never its seed. @param address  masked; empty: none to be told
[[nodiscard]] server::JsonText method_json(const server::HeldMethod& held, UnixSeconds now, const std::string& address);
/// The same as a line without its end.
[[nodiscard]] std::string method_line(const server::HeldMethod& held, UnixSeconds now, const std::string& address);

/// The address of a method or a contact as it may be shown; empty without a key.
[[nodiscard]] std::string masked_address(const server::People& people, const server::ContactRecord& contact);
[[nodiscard]] std::string masked_address(const server::People& people, const server::CredentialRecord& credential);

}  // namespace countersign::cli
