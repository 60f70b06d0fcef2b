// SPDX-License-Identifier: Apache-2.0
#include "app/stretch_pool.h"

#include <utility>

namespace countersign::server {

StretchPool::StretchPool() {
    for (std::thread& thread : threads_) thread = std::thread([this] { loop(); });
}

StretchPool::~StretchPool() { stop(); }

bool StretchPool::submit(Work work) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || line_.size() >= kMostWaiting) return false;
        line_.push_back(std::move(work));
    }
    waiting_.notify_one();
    return true;
}

void StretchPool::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void StretchPool::loop() {
    for (;;) {
        Work work;
        {
            std::unique_lock lock(mutex_);
            waiting_.wait(lock, [&] { return stopping_ || !line_.empty(); });
            if (line_.empty()) return;
            work = std::move(line_.front());
            line_.pop_front();
        }
        const After after = work();
        work = nullptr;
        if (after) after();
    }
}

}  // namespace countersign::server
