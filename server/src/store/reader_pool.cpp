// SPDX-License-Identifier: Apache-2.0
#include "store/reader_pool.h"

#include <new>

namespace countersign::server {

ReaderPool::Lease ReaderPool::lease() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<Database> database = std::move(idle_.back());
            idle_.pop_back();
            return {*this, std::move(database)};
        }
    }
    return {*this, std::make_unique<Database>(file_, Role::Reader)};
}

void ReaderPool::give_back(std::unique_ptr<Database> database) noexcept {
    const std::lock_guard lock(mutex_);
    try {
        idle_.push_back(std::move(database));
    } catch (const std::bad_alloc&) {  // then it closes, and the next reader opens its own
    }
}

}  // namespace countersign::server
