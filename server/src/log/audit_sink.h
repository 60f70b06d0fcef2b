// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "app/audit_feed.h"

namespace countersign::server {

/// Where the audit log is taken. One thread; nothing here throws.
class AuditSink {
  public:
    virtual ~AuditSink() = default;
    /// `file`, `syslog`; static storage.
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    /// How far it has come. The error is a sentence for the log.
    [[nodiscard]] virtual tl::expected<AuditCursor, std::string> cursor() = 0;
    /// All of these lines, each without its end, or as good as none; then the place after them.
    [[nodiscard]] virtual tl::expected<void, std::string> take(const std::vector<std::string>& lines,
                                                               const AuditCursor& next) = 0;
    /// Upon SIGHUP: what a rotation moved away is left, and a new one begun. From any thread.
    virtual void reopen() noexcept = 0;
};

}  // namespace countersign::server
