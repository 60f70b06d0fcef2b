// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "http/lane.h"
#include "http/listener.h"
#include "http/read_buffer.h"

namespace countersign::server {

/// One accepted socket, owned by its coroutine and known to its lane.
struct Connection {
    Connection(boost::asio::ip::tcp::socket accepted, std::size_t buffer_limit)
        : socket(std::move(accepted)), buffer(buffer_limit) {}

    boost::asio::ip::tcp::socket socket;
    ReadBuffer buffer;
    std::string head;  // of the answer under way; kept for its capacity
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    bool idle = true;  // between two requests: may be closed at any moment

    void limit(std::chrono::seconds time) { deadline = std::chrono::steady_clock::now() + time; }
    void close() {
        boost::system::error_code ignored;
        socket.close(ignored);
    }
};

/// What all connections of one listener go by; nothing of it changes while there are any.
struct Terms {
    const ListenerOptions& options;
    const HttpHandler& handler;
    const Listener::FaultAnswer& fault_answer;
};

/// Serves requests one after another until the connection ends.
[[nodiscard]] boost::asio::awaitable<void> converse(const Terms& terms, Lane& lane, Connection& connection);

/// Answers without having read anything, and ends the connection.
[[nodiscard]] boost::asio::awaitable<void> turn_away(const Terms& terms, Lane& lane, Connection& connection,
                                                     TransportFault fault);

}  // namespace countersign::server
