// SPDX-License-Identifier: Apache-2.0
#include "app/audit_sealer.h"

#include <future>
#include <utility>

#include "app/tokens.h"

namespace countersign::server {

AuditSealer::AuditSealer(Store& store, Secret seed, std::shared_ptr<Log> log, Meter& meter)
    : store_(store),
      seed_(std::move(seed)),
      log_(std::move(log)),
      meter_(meter),
      name_(make_random_id("slr_")),
      next_checkpoint_(std::chrono::steady_clock::now()),
      thread_([this] { loop(); }) {}

AuditSealer::~AuditSealer() { stop(); }

void AuditSealer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void AuditSealer::loop() {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, kInterval, [this] { return stopping_; })) {
        lock.unlock();
        work(Last::No);
        lock.lock();
    }
    lock.unlock();
    work(Last::Yes);
}

void AuditSealer::work(Last last) {
    const auto backlog = store_.audit_backlog();
    if (!backlog) return tell_failure(backlog.error().detail);
    const bool due = last == Last::Yes || std::chrono::steady_clock::now() >= next_checkpoint_;
    const bool something = backlog->unsealed > 0 || (due && backlog->unsigned_records);
    if (!something && last == Last::No) return;
    while (seal_some(due, last)) {
    }
}

bool AuditSealer::seal_some(bool sign, Last last) {
    SealRequest request;
    request.sealer = name_;
    request.alone = alone_;
    request.release = last == Last::Yes;
    request.sign = sign;
    request.most = kRowsAtATime;
    request.signer = [this](const Checkpoint& checkpoint) { return sign_checkpoint(checkpoint, seed_.bytes()); };
    auto promise = std::make_shared<std::promise<Answer<SealReport>>>();
    auto answered = promise->get_future();
    store_.seal_audit(std::move(request), [promise](Answer<SealReport> answer) { promise->set_value(std::move(answer)); });
    const Answer<SealReport> answer = answered.get();
    if (!answer) {
        tell_failure(answer.error().detail.empty() ? "the store" : std::string_view(answer.error().detail));
        return false;
    }
    alone_ = false;
    tell(*answer);
    return answer->leased && answer->more;
}

void AuditSealer::tell(const SealReport& report) {
    if (std::exchange(failing_, false)) log_->write(LogLevel::Info, "audit.sealing_again", {});
    for (const auto& [event, count] : report.events) meter_.audited(event, count);
    if (!report.checkpoint) return;
    next_checkpoint_ = std::chrono::steady_clock::now() + kCheckpointInterval;
    log_->write(LogLevel::Info, "audit.checkpoint",
                {{"epoch", report.checkpoint->checkpoint.epoch},
                 {"size", report.checkpoint->checkpoint.size},
                 {"checkpoint", format_checkpoint(*report.checkpoint)}});
}

void AuditSealer::tell_failure(std::string_view reason) {
    if (std::exchange(failing_, true)) return;  // said once, until it is over
    log_->write(LogLevel::Error, "audit.not_sealed", {{"reason", reason}});
}

}  // namespace countersign::server
