// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "log/audit_sink.h"

namespace countersign::server {

/// JSON lines at the end of a file, mode 0600 where it is made here; what exists keeps its mode. `FILE.cursor` beside
/// it says how far it has come. A file that was moved away is begun anew, by itself too.
class AuditFile final : public AuditSink {
  public:
    /// Nothing is opened yet.
    explicit AuditFile(std::string path);
    ~AuditFile() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "file"; }
    [[nodiscard]] tl::expected<AuditCursor, std::string> cursor() override;
    [[nodiscard]] tl::expected<void, std::string> take(const std::vector<std::string>& lines,
                                                       const AuditCursor& next) override;
    void reopen() noexcept override { reopen_ = true; }

  private:
    [[nodiscard]] tl::expected<void, std::string> open_file();
    void close_file() noexcept;
    [[nodiscard]] bool was_moved() const;
    [[nodiscard]] tl::expected<void, std::string> drop_torn_line();
    [[nodiscard]] tl::unexpected<std::string> failed(std::string_view what) const;

    std::string path_;
    std::string cursor_path_;
    std::atomic<bool> reopen_{false};
    int descriptor_ = -1;
};

}  // namespace countersign::server
