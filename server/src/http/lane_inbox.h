// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/inbox.h"

namespace countersign::server {

/// A lane's: opened in the lane's own thread, between two of its connections.
class LaneInbox final : public Inbox {
  public:
    explicit LaneInbox(boost::asio::io_context& context) : context_(context) {}
    void put(std::vector<std::unique_ptr<Item>> items) override;
    /// What is there and what still comes is dropped unopened, at once: it may hold on to what ends before the lane does.
    void close();

  private:
    void open_all();

    boost::asio::io_context& context_;
    std::mutex mutex_;
    bool called_ = false;  // the thread is on its way
    bool closed_ = false;
    std::vector<std::unique_ptr<Item>> items_;
};

}  // namespace countersign::server
