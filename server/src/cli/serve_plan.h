// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "app/service.h"
#include "cli/command.h"
#include "cli/listen_address.h"
#include "cli/listener_plan.h"
#include "log/json_log.h"

namespace countersign::cli {

/// Everything that `serve` was told, checked.
struct ServePlan {
    ListenAddress listen;
    std::optional<ListenAddress> operator_listen;
    server::LogLevel log_level = server::LogLevel::Info;
    ListenerPlan listeners;
    server::ServiceOptions service;
    std::string audit_file;  ///< empty: none
    bool audit_syslog = false;
};

/// Errors: `cli.value_invalid`, `cli.flag_missing`, `listen.insecure`, and those of the mail flags.
[[nodiscard]] Checked<ServePlan> read_plan(const Arguments& arguments);

}  // namespace countersign::cli
