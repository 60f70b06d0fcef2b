// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/audit_log.h"
#include "cli/command.h"

namespace countersign::cli {

/// The log of `--data`, with the master key where the command needs it. Nothing is made that is not there.
[[nodiscard]] Checked<std::unique_ptr<server::AuditLog>> open_audit_log(const Arguments& arguments, bool needs_key);

}  // namespace countersign::cli
