// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/audit_feed.h"
#include "app/log.h"
#include "app/meter.h"
#include "log/audit_sink.h"

namespace countersign::server {

/// Takes sealed records and checkpoints of the audit log elsewhere, within about a second of each, in their order.
///
/// Its thread is the only one that waits for a sink, so a full disk or a syslog that is down holds up no login: the
/// failure is a line of the log and counted, it is tried again, and what was missed is made up for. Each sink has a
/// cursor of its own, so that nothing comes twice.
class AuditShipper {
  public:
    static constexpr std::chrono::milliseconds kInterval{500};
    static constexpr std::chrono::milliseconds kAfterFailure{2000};
    static constexpr std::int64_t kAtATime = 200;

    /// @param meter  outlives it
    AuditShipper(std::unique_ptr<AuditFeed> feed, std::vector<std::unique_ptr<AuditSink>> sinks,
                 std::shared_ptr<Log> log, Meter& meter);
    ~AuditShipper();

    /// Upon SIGHUP.
    void reopen();
    /// Ships what there is, once. After the log was sealed for the last time.
    void stop();

  private:
    struct Lane {
        std::unique_ptr<AuditSink> sink;
        bool failing = false;
    };

    void loop();
    /// @return false when a sink could not be served
    [[nodiscard]] bool ship(Lane& lane);
    [[nodiscard]] tl::expected<bool, std::string> ship_some(Lane& lane);
    void tell_failure(Lane& lane, const std::string& reason);

    std::unique_ptr<AuditFeed> feed_;
    std::vector<Lane> lanes_;
    std::shared_ptr<Log> log_;
    Meter& meter_;

    std::mutex mutex_;
    std::condition_variable called_;
    bool stopping_ = false;
    bool woken_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
