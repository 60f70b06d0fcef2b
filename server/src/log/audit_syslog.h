// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "log/audit_sink.h"

namespace countersign::server {

/// To the machine's syslog, facility `authpriv`, severity `info`, one message a line, in the form of syslog(3). That
/// function tells nobody that a message was lost, so the socket is our own: nobody listening is a failure, and what was
/// missed is sent later.
class AuditSyslog final : public AuditSink {
  public:
    /// @param cursor_path  says how far it has come
    explicit AuditSyslog(std::string cursor_path);
    ~AuditSyslog() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "syslog"; }
    [[nodiscard]] tl::expected<AuditCursor, std::string> cursor() override;
    [[nodiscard]] tl::expected<void, std::string> take(const std::vector<std::string>& lines,
                                                       const AuditCursor& next) override;
    void reopen() noexcept override {}

  private:
    [[nodiscard]] bool connect_socket();
    [[nodiscard]] bool send_message(const std::string& message);
    void close_socket() noexcept;

    std::string cursor_path_;
    int socket_ = -1;
    std::size_t sent_ = 0;  ///< of the lines after the cursor
};

}  // namespace countersign::server
