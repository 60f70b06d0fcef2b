// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "app/audit_feed.h"

namespace countersign::server {

/// A file of one line that says how far shipping has come: `cs-audit-cursor-1 STORE EPOCH NUMBER CHECKPOINT`.
/// Nobody has shipped anything where there is none. The error is a sentence for the log.
[[nodiscard]] tl::expected<AuditCursor, std::string> read_audit_cursor(const std::string& path);
/// In one step: the old line or the new one.
[[nodiscard]] tl::expected<void, std::string> write_audit_cursor(const std::string& path, const AuditCursor& cursor);

}  // namespace countersign::server
