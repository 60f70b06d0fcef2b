// SPDX-License-Identifier: Apache-2.0
#include "app/guard_keeper.h"

#include <chrono>
#include <utility>

namespace countersign::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 10s;

}  // namespace

GuardKeeper::GuardKeeper(GuardFile file, std::unique_ptr<KeyStore> store, std::shared_ptr<Log> log)
    : file_(std::move(file)), store_(std::move(store)), log_(std::move(log)) {
    write(store_->step());
    thread_ = std::thread([this] { loop(); });
}

GuardKeeper::~GuardKeeper() { stop(); }

void GuardKeeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_one();
    if (!thread_.joinable()) return;
    thread_.join();
    write(store_->mark());
}

void GuardKeeper::loop() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, kInterval, [this] { return stopping_; })) {
        lock.unlock();
        write(store_->mark());
        lock.lock();
    }
}

void GuardKeeper::write(const Answer<StoreMark>& mark) {
    if (!mark) return tell(mark.error().detail);
    if (mark->epoch == written_.epoch && mark->commits == written_.commits) return;
    const auto known = file_.read();
    if (known && known->epoch > mark->epoch) return tell(file_.path() + " is ahead: another copy of this store was restored and served");
    const std::string why = file_.write(*mark);
    if (why.empty()) written_ = *mark;
    tell(why);
}

/// Once for each reason, and when it is over.
void GuardKeeper::tell(const std::string& why) {
    if (why == told_) return;
    told_ = why;
    if (why.empty()) log_->write(LogLevel::Info, "guard.written", {{"file", std::string_view(file_.path())}});
    else log_->write(LogLevel::Warning, "guard.missing", {{"reason", std::string_view(why)}});
}

}  // namespace countersign::server
