// SPDX-License-Identifier: Apache-2.0
#include "http/lane_inbox.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include <boost/asio/post.hpp>

namespace countersign::server {

void LaneInbox::put(std::vector<std::unique_ptr<Item>> items) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    std::ranges::move(items, std::back_inserter(items_));
    if (called_) return;
    boost::asio::post(context_, [this] { open_all(); });
    called_ = true;
}

void LaneInbox::close() {
    std::vector<std::unique_ptr<Item>> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
}

void LaneInbox::open_all() {
    std::vector<std::unique_ptr<Item>> items;
    {
        const std::lock_guard lock(mutex_);
        called_ = false;
        items.swap(items_);
    }
    for (std::unique_ptr<Item>& item : items) {
        try {
            item->open();
        } catch (const std::exception&) {
            // Out of memory: whoever waited for this one is closed, its neighbors go on.
        }
        item.reset();  // what it holds of a code goes before its answer does
    }
}

}  // namespace countersign::server
