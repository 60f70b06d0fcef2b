// SPDX-License-Identifier: Apache-2.0
#include "log/audit_shipper.h"

#include <utility>

#include "log/audit_line.h"

namespace countersign::server {
AuditShipper::AuditShipper(std::unique_ptr<AuditFeed> feed, std::vector<std::unique_ptr<AuditSink>> sinks,
                           std::shared_ptr<Log> log, Meter& meter)
    : feed_(std::move(feed)), log_(std::move(log)), meter_(meter) {
    for (auto& sink : sinks) lanes_.push_back({std::move(sink)});
    thread_ = std::thread([this] { loop(); });
}

AuditShipper::~AuditShipper() { stop(); }

void AuditShipper::reopen() {
    for (Lane& lane : lanes_) lane.sink->reopen();
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    called_.notify_one();
}

void AuditShipper::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    called_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void AuditShipper::loop() {
    bool well = true;
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(mutex_);
            called_.wait_for(lock, well ? kInterval : kAfterFailure, [this] { return stopping_ || woken_; });
            woken_ = false;
            last = stopping_;
        }
        well = true;
        for (Lane& lane : lanes_) well = ship(lane) && well;
    }
}

bool AuditShipper::ship(Lane& lane) {
    for (;;) {
        const auto more = ship_some(lane);
        if (!more) {
            tell_failure(lane, more.error());
            return false;
        }
        if (lane.failing) log_->write(LogLevel::Info, "audit.shipping_again", {{"to", lane.sink->name()}});
        lane.failing = false;
        if (!*more) return true;
    }
}

tl::expected<bool, std::string> AuditShipper::ship_some(Lane& lane) {
    const auto cursor = lane.sink->cursor();
    if (!cursor) return tl::unexpected(cursor.error());
    const auto piece = feed_->after(*cursor, kAtATime);
    if (!piece) return tl::unexpected("the store cannot be read: " + piece.error().detail);
    const std::vector<std::string> lines = audit_lines(*piece);
    if (lines.empty()) return false;
    if (!cursor->store.empty() && cursor->store == piece->from.store && piece->from != *cursor) {
        log_->write(LogLevel::Warning, "audit.shipped_again",
                    {{"to", lane.sink->name()}, {"epoch", piece->from.epoch}, {"after", piece->from.number}});
    }
    if (auto taken = lane.sink->take(lines, cursor_after(*piece)); !taken) return tl::unexpected(std::move(taken.error()));
    meter_.audit_shipped(lane.sink->name(), static_cast<std::int64_t>(piece->rows.size()));
    return piece->more;
}

void AuditShipper::tell_failure(Lane& lane, const std::string& reason) {
    meter_.audit_shipping_failed(lane.sink->name());
    if (std::exchange(lane.failing, true)) return;  // said once, until it is over
    log_->write(LogLevel::Error, "audit.not_shipped", {{"to", lane.sink->name()}, {"reason", std::string_view(reason)}});
}

}  // namespace countersign::server
