// SPDX-License-Identifier: Apache-2.0
// The only file that includes Boost: one io thread a core, each with its own connections, so that no lock
// is taken between reading a request and writing its answer.
#include "http/listener.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/read_buffer.h"
#include "http/response_head.h"
#include "http/wiping_allocator.h"

namespace countersign::server {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;
using Steady = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body, WipingAllocator<char>>;

// Beast takes a request with an unknown transfer coding by its Content-Length, and adds a chunked body's
// trailers to the header. A proxy before us may read either differently, so both are refused.
bool is_framed_plainly(const Parser& parser) {
    const auto& header = parser.get();
    const auto codings = header.count(http::field::transfer_encoding);
    return codings == 0 || (codings == 1 && header.version() == 11 && header.count(http::field::content_length) == 0 &&
                            boost::beast::iequals(header[http::field::transfer_encoding], "chunked"));
}

std::ptrdiff_t count_fields(const Parser& parser) {
    return std::distance(parser.get().begin(), parser.get().end());
}

struct Connection {
    Connection(tcp::socket accepted, std::size_t buffer_limit)
        : socket(std::move(accepted)), buffer(buffer_limit) {}

    tcp::socket socket;
    ReadBuffer buffer;
    std::string head;  // of the answer under way; kept for its capacity
    Steady::time_point deadline = Steady::time_point::max();
    bool idle = true;  // between two requests: may be closed at any moment

    void limit(std::chrono::seconds time) { deadline = Steady::now() + time; }
    void close() {
        error_code ignored;
        socket.close(ignored);
    }
};

// One io thread. Only that thread touches what is in here, but for `context`.
struct Lane {
    std::unordered_set<Connection*> connections;
    bool stopping = false;
    std::time_t date_second = 0;
    std::string date;
    net::io_context context{1};
    net::executor_work_guard<net::io_context::executor_type> work{context.get_executor()};
    net::steady_timer sweep{context};
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

}  // namespace

struct Listener::Impl {
    Impl(const ListenerOptions& o, HttpHandler h, FaultAnswer f)
        : options(o), handler(std::move(h)), fault_answer(std::move(f)) {
        for (int i = 0; i < std::clamp(options.io_threads, 1, 64); ++i) {
            lanes.push_back(std::make_unique<Lane>());
        }
        acceptor.emplace(lanes.front()->context);
    }

    error_code open();
    void run();
    bool stop();

    net::awaitable<void> accept_loop();
    net::awaitable<void> sweep_loop(Lane& lane);
    net::awaitable<void> serve(Lane& lane, tcp::socket socket, bool too_many);
    net::awaitable<void> converse(Lane& lane, Connection& connection);
    enum class Read { Request, Closed, Malformed, TooLarge };
    net::awaitable<Read> read_request(Connection& connection, Parser& parser);
    static std::optional<Read> take_in(ReadBuffer& buffer, Parser& parser, std::ptrdiff_t& header_fields);
    net::awaitable<HttpResponse> answer(Lane& lane, Parser& parser);
    net::awaitable<bool> send(Lane& lane, Connection& connection, HttpResponse response, bool keep_alive,
                              bool without_body);
    net::awaitable<void> linger(Connection& connection);
    void connection_ended();

    ListenerOptions options;
    HttpHandler handler;
    FaultAnswer fault_answer;
    std::vector<std::unique_ptr<Lane>> lanes;
    std::optional<tcp::acceptor> acceptor;
    std::uint16_t port = 0;
    std::size_t next_lane = 0;

    std::mutex mutex;  // guards what follows
    std::condition_variable drained;
    std::size_t open_connections = 0;
    bool accepting = false;
    bool stopped = false;
};

error_code Listener::Impl::open() {
    error_code error;
    const auto address = net::ip::make_address(options.address, error);
    const tcp::endpoint endpoint{address, options.port};
    if (!error) acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(net::socket_base::max_listen_connections, error);
    if (!error) port = acceptor->local_endpoint(error).port();
    return error;
}

void Listener::Impl::run() {
    accepting = true;
    net::co_spawn(lanes.front()->context, accept_loop(), net::detached);
    for (auto& lane : lanes) {
        net::co_spawn(lane->context, sweep_loop(*lane), net::detached);
        lane->thread = std::thread([&context = lane->context] { context.run(); });
    }
}

net::awaitable<void> Listener::Impl::accept_loop() {
    net::steady_timer pause{lanes.front()->context};
    while (acceptor->is_open()) {
        Lane& lane = *lanes[next_lane++ % lanes.size()];
        error_code error;
        tcp::socket socket =
            co_await acceptor->async_accept(lane.context, net::redirect_error(net::use_awaitable, error));
        if (error == net::error::operation_aborted) {
            break;
        }
        if (error) {
            // Out of file descriptors, most likely: those in use come back when their time is over.
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
            continue;
        }
        bool too_many = false;
        {
            const std::lock_guard lock(mutex);
            too_many = ++open_connections > options.connection_limit;
        }
        net::co_spawn(lane.context, serve(lane, std::move(socket), too_many), net::detached);
    }
    const std::lock_guard lock(mutex);
    accepting = false;
    drained.notify_all();
}

// One timer for all connections of a lane, a second coarse: cheaper than one for each operation.
net::awaitable<void> Listener::Impl::sweep_loop(Lane& lane) {
    error_code error;
    while (!error) {
        lane.sweep.expires_after(std::chrono::seconds(1));
        co_await lane.sweep.async_wait(net::redirect_error(net::use_awaitable, error));
        const auto now = Steady::now();
        for (Connection* connection : lane.connections) {
            if (connection->deadline <= now) {
                connection->close();
            }
        }
    }
}

net::awaitable<void> Listener::Impl::serve(Lane& lane, tcp::socket socket, bool too_many) {
    try {
        Connection connection{std::move(socket), options.header_limit + options.body_limit};
        struct Registration {
            Lane& lane;
            Connection* connection;
            Registration(Lane& l, Connection* c) : lane(l), connection(c) { lane.connections.insert(c); }
            ~Registration() { lane.connections.erase(connection); }
        } const registration{lane, &connection};
        error_code ignored;
        connection.socket.set_option(tcp::no_delay(true), ignored);
        if (too_many) {
            co_await send(lane, connection, fault_answer(TransportFault::TooManyConnections), false, false);
            co_await linger(connection);
        } else {
            co_await converse(lane, connection);
        }
    } catch (const std::exception&) {
        // Out of memory: this connection ends, its neighbors go on.
    }
    connection_ended();
}

void Listener::Impl::connection_ended() {
    const std::lock_guard lock(mutex);
    if (--open_connections == 0) {
        drained.notify_all();
    }
}

net::awaitable<void> Listener::Impl::converse(Lane& lane, Connection& connection) {
    while (!lane.stopping) {
        Parser parser;
        const Read read = co_await read_request(connection, parser);
        if (read == Read::Closed) {
            co_return;
        }
        if (read != Read::Request) {
            const auto fault = read == Read::TooLarge ? TransportFault::TooLarge : TransportFault::Malformed;
            co_await send(lane, connection, fault_answer(fault), false, false);
            break;
        }
        const bool without_body = parser.get().method() == http::verb::head;
        const bool wants_more = parser.keep_alive();
        connection.deadline = Steady::time_point::max();  // the service bounds its own time
        HttpResponse response = co_await answer(lane, parser);
        const bool keep_alive = wants_more && !lane.stopping;
        if (!co_await send(lane, connection, std::move(response), keep_alive, without_body)) {
            co_return;
        }
        if (!keep_alive) {
            break;
        }
    }
    co_await linger(connection);
}

/// Gives the parser what has come; nothing while more of the request is due.
std::optional<Listener::Impl::Read> Listener::Impl::take_in(ReadBuffer& buffer, Parser& parser,
                                                            std::ptrdiff_t& header_fields) {
    while (!buffer.empty()) {
        error_code error;
        const std::string_view data = buffer.data();
        buffer.consume(parser.put(net::buffer(data.data(), data.size()), error));
        if (error == http::error::header_limit || error == http::error::body_limit) {
            return Read::TooLarge;
        }
        if (error && error != http::error::need_more) {
            return Read::Malformed;
        }
        const bool header_came = parser.is_header_done() && !parser.eager();
        if (header_came) {
            if (!is_framed_plainly(parser)) {
                return Read::Malformed;
            }
            header_fields = count_fields(parser);
            parser.eager(true);
        }
        if (parser.is_done()) {
            const bool one_host = parser.get().version() < 11 || parser.get().count(http::field::host) == 1;
            return one_host && count_fields(parser) == header_fields ? Read::Request : Read::Malformed;
        }
        if (!header_came) {
            break;
        }
    }
    return std::nullopt;
}

net::awaitable<Listener::Impl::Read> Listener::Impl::read_request(Connection& connection, Parser& parser) {
    parser.header_limit(static_cast<std::uint32_t>(options.header_limit));
    parser.body_limit(options.body_limit);
    parser.eager(false);  // until the header is whole, to look at it before the body
    connection.idle = connection.buffer.empty();
    connection.limit(connection.idle ? options.idle_time : options.request_time);
    bool told_to_continue = false;
    std::ptrdiff_t header_fields = 0;
    for (;;) {
        error_code error;
        if (const auto ended = take_in(connection.buffer, parser, header_fields)) {
            co_return *ended;
        }
        if (parser.is_header_done() && !told_to_continue &&
            boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            told_to_continue = true;
            constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await net::async_write(connection.socket, net::buffer(kContinue.data(), kContinue.size()),
                                      net::redirect_error(net::use_awaitable, error));
        }
        const auto room = connection.buffer.prepare();
        if (room.empty()) {
            co_return Read::TooLarge;
        }
        const std::size_t count = co_await connection.socket.async_read_some(
            net::buffer(room.data(), room.size()), net::redirect_error(net::use_awaitable, error));
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

net::awaitable<HttpResponse> Listener::Impl::answer(Lane& lane, Parser& parser) {
    auto& message = parser.get();
    HttpRequest request;
    request.method = std::string(message.method_string());
    const std::string_view target{message.target().data(), message.target().size()};
    request.path = std::string(target.substr(0, target.find('?')));
    request.authorization = std::string(message[http::field::authorization]);
    request.authorization_repeated = message.count(http::field::authorization) > 1;
    request.content_type = std::string(message[http::field::content_type]);
    request.host = std::string(message[http::field::host]);
    request.origin = std::string(message[http::field::origin]);
    request.origin_repeated = message.count(http::field::origin) > 1;
    request.requested_method = std::string(message[http::field::access_control_request_method]);
    request.body = std::move(message.body());

    co_return co_await net::async_initiate<decltype(net::use_awaitable), void(HttpResponse)>(
        [this, &lane](auto completion, HttpRequest asked) {
            auto shared = std::make_shared<decltype(completion)>(std::move(completion));
            handler(std::move(asked), [shared, &lane](HttpResponse response) {
                net::post(lane.context, [shared, response = std::move(response)]() mutable {
                    std::move (*shared)(std::move(response));
                });
            });
        },
        net::use_awaitable, std::move(request));
}

net::awaitable<bool> Listener::Impl::send(Lane& lane, Connection& connection, HttpResponse response,
                                          bool keep_alive, bool without_body) {
    connection.limit(options.send_time);
    connection.head.clear();
    append_response_head(connection.head, response, keep_alive, lane.date_now());
    const std::array<net::const_buffer, 2> parts{
        net::buffer(connection.head),
        net::buffer(response.body.data(), without_body ? 0 : response.body.size())};
    error_code error;
    co_await net::async_write(connection.socket, parts, net::redirect_error(net::use_awaitable, error));
    wipe_memory(response.body.data(), response.body.size());
    co_return !error;
}

// Closing with unread bytes would reset the connection and could take the answer with it.
net::awaitable<void> Listener::Impl::linger(Connection& connection) {
    error_code error;
    connection.limit(std::chrono::seconds(1));
    connection.socket.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 1024> discarded{};
    while (!error) {
        co_await connection.socket.async_read_some(net::buffer(discarded),
                                                   net::redirect_error(net::use_awaitable, error));
    }
    wipe_memory(discarded.data(), discarded.size());
}

bool Listener::Impl::stop() {
    {
        const std::lock_guard lock(mutex);
        if (std::exchange(stopped, true)) {
            return true;
        }
    }
    net::post(lanes.front()->context, [this] {
        error_code ignored;
        acceptor->close(ignored);
    });
    for (auto& lane : lanes) {
        net::post(lane->context, [&lane = *lane] {
            lane.stopping = true;
            for (Connection* connection : lane.connections) {
                if (connection->idle) {
                    connection->close();
                }
            }
        });
    }
    bool clean = false;
    {
        std::unique_lock lock(mutex);
        clean = drained.wait_for(lock, options.stop_time, [this] { return !accepting && open_connections == 0; });
    }
    for (const auto& lane : lanes) {
        // Not destroyed yet: a late reply may still be posted to it, and is dropped.
        lane->context.stop();
        lane->thread.join();
    }
    return clean;
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
    try {
        stop();
    } catch (...) {
        std::terminate();  // a thread that cannot be joined must not outlive what it uses
    }
}

tl::expected<std::unique_ptr<Listener>, std::string> Listener::start(const ListenerOptions& options,
                                                                     HttpHandler handler,
                                                                     FaultAnswer fault_answer) {
    try {
        auto impl = std::make_unique<Impl>(options, std::move(handler), std::move(fault_answer));
        if (const error_code error = impl->open()) {
            return tl::unexpected(error.message());
        }
        impl->run();
        return std::unique_ptr<Listener>(new Listener(std::move(impl)));
    } catch (const std::exception& failure) {
        return tl::unexpected(std::string(failure.what()));
    }
}

std::uint16_t Listener::port() const noexcept { return impl_->port; }

bool Listener::stop() { return impl_->stop(); }

}  // namespace countersign::server
