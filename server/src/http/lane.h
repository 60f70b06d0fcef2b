// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/allowance.h"
#include "http/lane_inbox.h"
#include "http/response_head.h"

namespace countersign::server {

struct Connection;

/// One io thread with its own connections. Only that thread touches what is in here, but for `context`, `inbox` and `stopping`.
struct Lane {
    std::unordered_set<Connection*> connections;
    std::atomic<bool> stopping = false;
    SharedPace pace;
    std::time_t date_second = 0;
    std::string date;
    boost::asio::io_context context{1};
    LaneInbox inbox{context};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    boost::asio::steady_timer sweep{context};
    std::thread thread;

    std::string_view date_now() {
        const std::time_t now = std::time(nullptr);
        if (now != date_second) {
            date_second = now;
            date = http_date(now);
        }
        return date;
    }
};

}  // namespace countersign::server
