// SPDX-License-Identifier: Apache-2.0
#include "http/connection.h"

#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "countersign/secret.h"
#include "http/request_id.h"
#include "http/request_reader.h"
#include "http/response_head.h"
#include "http/tls_identity.h"

namespace countersign::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;

enum class Read : unsigned char { Request, Closed, Malformed, TooLarge };

net::awaitable<void> tell_to_continue(Connection& connection) {
    error_code ignored;  // the next read will know
    co_await connection.stream.write("HTTP/1.1 100 Continue\r\n\r\n", {}, ignored);
}

void charge(Connection& connection, Cost cost) {
    if (!connection.is_measured()) return;
    connection.allowance.spend(cost, std::chrono::steady_clock::now());
    connection.unpaid += cost;
}

/// Whether there is more from the peer, who cannot have seen the answer yet.
bool is_ahead(const Connection& connection) {
    return !connection.vouched && (!connection.buffer.empty() || (connection.may_be_proxy && connection.stream.has_unread()));
}

bool has_to_wait(const Connection& connection) {
    return connection.is_measured() && !connection.buffer.empty() &&
           connection.allowance.is_spent(std::chrono::steady_clock::now());
}

/// Waits until all others who have spent their allowance had their turn. What is sent meanwhile stays in the kernel.
/// @return false when the connection was ended
net::awaitable<bool> take_turn(Lane& lane, Connection& connection) {
    const auto now = std::chrono::steady_clock::now();
    const auto turn = lane.pace.next_turn(std::exchange(connection.unpaid, Cost{}), now);
    if (turn > now && !lane.stopping) {
        connection.turn.expires_at(turn);
        error_code ended;
        co_await connection.turn.async_wait(net::redirect_error(net::use_awaitable, ended));
    }
    co_return connection.stream.is_open();
}

net::awaitable<Read> read_request(const ListenerOptions& options, Lane& lane, Connection& connection,
                                  RequestReader& reader) {
    connection.idle = connection.buffer.empty();
    connection.waiting = true;
    connection.waiting_since = std::chrono::steady_clock::now();
    connection.limit(connection.idle ? options.idle_time : options.request_time);
    for (;;) {
        if (has_to_wait(connection) && !co_await take_turn(lane, connection)) {
            co_return Read::Closed;
        }
        const std::size_t held = connection.buffer.data().size();
        const RequestReader::State state = reader.take_in(connection.buffer);
        if (held != 0) charge(connection, kCostOfRead + cost_of_bytes(held - connection.buffer.data().size()));
        switch (state) {
            case RequestReader::State::Whole: co_return Read::Request;
            case RequestReader::State::Malformed: co_return Read::Malformed;
            case RequestReader::State::TooLarge: co_return Read::TooLarge;
            case RequestReader::State::Unfinished: break;
        }
        if (reader.must_tell_to_continue()) {
            co_await tell_to_continue(connection);
        }
        const auto room = connection.buffer.prepare();
        if (room.empty()) {
            co_return Read::TooLarge;
        }
        error_code error;
        const std::size_t count = co_await connection.stream.read_some(room, error);
        if (error) {
            co_return Read::Closed;
        }
        connection.buffer.commit(count);
        if (connection.idle) {
            connection.idle = false;
            connection.limit(options.request_time);
        }
    }
}

net::awaitable<HttpResponse> answer(const HttpHandler& handler, Lane& lane, HttpRequest request) {
    co_return co_await net::async_initiate<decltype(net::use_awaitable), void(HttpResponse)>(
        [&handler, &lane](auto completion, HttpRequest asked) {
            auto shared = std::make_shared<decltype(completion)>(std::move(completion));
            handler(std::move(asked), [shared, &lane](HttpResponse response) {
                net::post(lane.context, [shared, response = std::move(response)]() mutable {
                    std::move (*shared)(std::move(response));
                });
            });
        },
        net::use_awaitable, std::move(request));
}

net::awaitable<bool> send(const ListenerOptions& options, Lane& lane, Connection& connection, HttpResponse response,
                          bool keep_alive, bool without_body) {
    connection.limit(options.send_time);
    connection.head.clear();
    append_response_head(connection.head, response, keep_alive, lane.date_now());
    error_code error;
    co_await connection.stream.write(connection.head, without_body ? std::string_view{} : response.body, error);
    wipe_memory(response.body.data(), response.body.size());
    co_return !error;
}

net::awaitable<void> linger(Connection& connection) {
    connection.limit(std::chrono::seconds(1));
    co_await connection.stream.linger();
}

/// What the handler is told beyond the message: who asks, and by which id that is found again.
HttpRequest make_request(const Terms& terms, const Connection& connection, RequestReader& reader, IpAddress& client) {
    HttpRequest request = reader.take_request();
    const auto& proxies = terms.options.trusted_proxies;
    const bool by_proxy = is_in(proxies, connection.peer);
    client = by_proxy ? find_client(connection.peer, proxies, reader.forwarded_for()) : connection.peer;
    request.client_address = by_proxy ? client.text() : connection.peer_text;
    const bool speaks_for_many = by_proxy ? terms.speaks_for_many(client) : connection.may_be_proxy;
    if (!speaks_for_many) request.counted_client = client;
    request.request_id = by_proxy && !request.offered_request_id.empty() ? request.offered_request_id : new_request_id();
    return request;
}

}  // namespace

net::awaitable<void> converse(const Terms& terms, Lane& lane, Connection& connection) {
    if (terms.options.tls) {
        connection.limit(terms.options.request_time);
        connection.idle = false;
        const auto context = terms.options.tls->context();
        if (!co_await connection.stream.begin_tls(*context)) {
            co_return;
        }
    }
    while (!lane.stopping) {
        RequestReader reader{terms.options.header_limit, terms.options.body_limit};
        const Read read = co_await read_request(terms.options, lane, connection, reader);
        if (read == Read::Closed) {
            co_return;
        }
        if (read != Read::Request) {
            co_return co_await turn_away(
                terms, lane, connection, read == Read::TooLarge ? TransportFault::TooLarge : TransportFault::Malformed);
        }
        connection.deadline = std::chrono::steady_clock::time_point::max();  // the service bounds its own time
        connection.waiting = false;
        charge(connection, kCostOfRequest);
        connection.may_be_proxy = terms.speaks_for_many(connection.peer);
        IpAddress client;
        HttpRequest request = make_request(terms, connection, reader, client);
        HttpResponse response = co_await answer(terms.handler, lane, std::move(request));
        if (response.from_back_end) {
            connection.vouched = true;
            terms.vouch(client);  // each time: its minutes begin anew
        }
        connection.pipelines = is_ahead(connection);
        const bool keep_alive = reader.keep_alive() && !lane.stopping;
        if (!co_await send(terms.options, lane, connection, std::move(response), keep_alive, reader.is_head())) {
            co_return;
        }
        if (!keep_alive) {
            break;
        }
    }
    co_await linger(connection);
}

net::awaitable<void> turn_away(const Terms& terms, Lane& lane, Connection& connection, TransportFault fault) {
    co_await send(terms.options, lane, connection, terms.fault_answer(fault), false, false);
    co_await linger(connection);
}

}  // namespace countersign::server
