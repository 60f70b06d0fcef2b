// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/log.h"
#include "app/meter.h"
#include "cli/serve_plan.h"
#include "log/audit_shipper.h"

namespace countersign::cli {

/// Takes the audit log where the plan says; nothing where it says nowhere. A file or a syslog that cannot be written
/// ends nothing: it is told, and tried again. Errors: the `data.*` codes, of reading the store.
/// @param meter  outlives it
[[nodiscard]] Checked<std::unique_ptr<server::AuditShipper>> start_audit_shipping(const ServePlan& plan,
                                                                                  const std::shared_ptr<server::Log>& log,
                                                                                  server::Meter& meter);

}  // namespace countersign::cli
