// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "app/log.h"
#include "app/meter.h"
#include "app/store.h"
#include "countersign/secret.h"

namespace countersign::server {

/// Seals the audit log within a second of each row, and signs a checkpoint once a minute, when there is anything
/// new, and at the end (R26). Its thread only asks: the work is the writer's, a bounded number of rows beside
/// each batch. While the log stands still it reads twice a second and writes nothing.
class AuditSealer {
  public:
    static constexpr std::chrono::milliseconds kInterval{500};
    static constexpr std::chrono::seconds kCheckpointInterval{60};
    /// A few milliseconds of the writer's time.
    static constexpr std::int64_t kRowsAtATime = 200;

    /// @param seed  32 bytes of the signing key
    /// @param store, meter  outlive it
    AuditSealer(Store& store, Secret seed, std::shared_ptr<Log> log, Meter& meter);
    ~AuditSealer();

    /// Seals and signs what there is, gives the lease back. Before the writer stops.
    void stop();

  private:
    enum class Last : unsigned char { No, Yes };

    void loop();
    void work(Last last);
    /// True when there is more to seal.
    [[nodiscard]] bool seal_some(bool sign, Last last);
    void tell(const SealReport& report);
    void tell_failure(std::string_view reason);

    Store& store_;
    Secret seed_;
    std::shared_ptr<Log> log_;
    Meter& meter_;
    std::string name_;
    bool alone_ = true;  ///< until the first step: one server to a directory (R18), so an older name is a dead one's
    bool failing_ = false;
    std::chrono::steady_clock::time_point next_checkpoint_;

    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
