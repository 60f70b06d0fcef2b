// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/keys.h"
#include "app/log.h"
#include "app/mailer.h"
#include "app/store.h"

namespace countersign::server {

/// Sends what waits in the outbox (R23): one mail at a time, under a lease, so that no other process sends it too.
///
/// A notice is first made into one mail for each of its owner's addresses, as they are then. A mail that could not be
/// sent is tried again after 5 s, or 2 min where the mail server took all the time there is, doubling to 15 min; after a
/// day, or when it is refused for good, it is a dead letter, of which the envelope stays. A code is dropped when it
/// expires. A process killed between sending and erasing sends again, with the same Message-ID.
class Outbox {
  public:
    static constexpr std::chrono::milliseconds kInterval{500};
    /// After nobody answered: who waits for a code has a page open, but a mail server that is down needs no haste.
    static constexpr std::chrono::seconds kPause{2};
    static constexpr std::int64_t kFirstRetrySeconds = 5;
    static constexpr std::int64_t kLastRetrySeconds = 15 * 60;
    static constexpr std::int64_t kSlowRetrySeconds = 2 * 60;
    static constexpr std::int64_t kGiveUpSeconds = 24 * 3600;

    /// @param keys, store  outlive it
    Outbox(const Keys& keys, Store& store, MailService mail, std::shared_ptr<Log> log,
           std::function<UnixSeconds()> now);
    ~Outbox();

    /// Looks at once: somebody waits for a code.
    void wake();
    /// Ends what is being sent, within about a second; it is sent at the next start. Before the writer stops.
    void stop();

    /// Until the next try after so many.
    [[nodiscard]] static std::int64_t retry_seconds(std::int64_t attempts) noexcept;

  private:
    void loop();
    void work();
    /// True when there may be more.
    [[nodiscard]] bool carry_one();
    [[nodiscard]] MailFinish make_mails_of(OutboxRecord notice);
    [[nodiscard]] std::vector<std::string> addresses_of(const OutboxRecord& notice,
                                                        const std::optional<ContactRecord>& contact);
    [[nodiscard]] MailFinish send(OutboxRecord mail);
    [[nodiscard]] MailFinish judge(OutboxRecord mail, const MailResult& result);
    [[nodiscard]] bool finish(MailFinish finish);
    void tell(LogLevel level, std::string_view event, const OutboxRecord& mail, const MailResult& result);
    [[nodiscard]] bool stopping();

    const Keys& keys_;
    Store& store_;
    MailService mail_;
    std::shared_ptr<Log> log_;
    std::function<UnixSeconds()> now_;
    bool alone_ = true;  ///< until all that a dead server held is taken over: one to a directory (R18)
    bool nobody_answers_ = false;

    std::mutex mutex_;
    std::condition_variable called_;
    bool stopping_ = false;
    bool woken_ = true;
    std::thread thread_;
};

}  // namespace countersign::server
