// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/allowance.h"
#include "http/client_address.h"
#include "http/connection_stream.h"
#include "http/lane.h"
#include "http/listener.h"
#include "http/read_buffer.h"

namespace countersign::server {

/// One accepted socket, owned by its coroutine and known to its lane.
struct Connection {
    Connection(boost::asio::ip::tcp::socket accepted, const IpAddress& from, std::size_t buffer_limit)
        : turn(accepted.get_executor()), stream(std::move(accepted)), peer(from), peer_text(from.text()), buffer(buffer_limit) {}

    boost::asio::steady_timer turn;  // made before the socket is taken from it
    ConnectionStream stream;
    IpAddress peer;
    std::string peer_text;
    ReadBuffer buffer;
    std::string head;  // of the answer under way; kept for its capacity
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    bool idle = true;  // between two requests: may be closed at any moment
    bool vouched = false;  // an application key was proven here
    bool waiting = true;   // for the peer: for a handshake, or for a request's beginning or its rest
    std::chrono::steady_clock::time_point waiting_since = std::chrono::steady_clock::now();

    bool may_be_proxy = false;  // its peer speaks for many
    bool pipelines = false;     // what is read was sent before the last answer
    Allowance allowance;
    Cost unpaid{};  // since its last turn

    /// Who has shown an application key has no measure (R15). No proxy sends a request before the last is answered.
    [[nodiscard]] bool is_measured() const { return !vouched && (pipelines || !may_be_proxy); }

    void end() {
        stream.close();
        turn.cancel();
    }

    void limit(std::chrono::seconds time) { deadline = std::chrono::steady_clock::now() + time; }
};

/// What all connections of one listener go by; nothing of it changes while there are any.
struct Terms {
    const ListenerOptions& options;
    const HttpHandler& handler;
    const Listener::FaultAnswer& fault_answer;
    std::function<void(const IpAddress&)> vouch;  ///< an application key was proven from there; any thread
    /// Whether a proxy is there, or a back end that vouched for itself lately: its pages' requests come from there too.
    std::function<bool(const IpAddress&)> speaks_for_many;
};

/// Begins TLS where the listener has it, then serves requests one after another until the connection ends.
[[nodiscard]] boost::asio::awaitable<void> converse(const Terms& terms, Lane& lane, Connection& connection);

/// Answers without having read anything, and ends the connection.
[[nodiscard]] boost::asio::awaitable<void> turn_away(const Terms& terms, Lane& lane, Connection& connection,
                                                     TransportFault fault);

}  // namespace countersign::server
