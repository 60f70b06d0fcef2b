// SPDX-License-Identifier: Apache-2.0
// One io thread a core, each with its own connections, so that no lock is taken between reading a request
// and writing its answer.
#include "http/listener.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/address_limit.h"
#include "http/connection.h"
#include "http/lane.h"
#include "http/tls_identity.h"

namespace countersign::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

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
    net::awaitable<void> serve(Lane& lane, tcp::socket socket, IpAddress peer, bool too_many);
    bool admit(const IpAddress& peer);
    void vouch(const IpAddress& peer);
    void connection_ended(const IpAddress& peer);
    bool is_limited(const IpAddress& peer) const { return !peer.is_loopback() && !is_in(options.trusted_proxies, peer); }

    ListenerOptions options;
    HttpHandler handler;
    FaultAnswer fault_answer;
    Terms terms{options, handler, fault_answer, [this](const IpAddress& peer) { vouch(peer); }};
    std::vector<std::unique_ptr<Lane>> lanes;
    std::optional<tcp::acceptor> acceptor;
    std::uint16_t port = 0;
    std::size_t next_lane = 0;

    std::mutex mutex;  // guards what follows
    std::condition_variable drained;
    std::size_t open_connections = 0;
    AddressLimit addresses{options.connections_per_address};
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
        const auto endpoint = socket.remote_endpoint(error);
        if (error) {
            continue;  // gone already
        }
        const std::string figures = endpoint.address().to_string();  // with its zone, where it is link-local
        const auto peer = IpAddress::parse(std::string_view(figures).substr(0, figures.find('%'))).value_or(IpAddress{});
        const bool too_many = !admit(peer);
        net::co_spawn(lane.context, serve(lane, std::move(socket), peer, too_many), net::detached);
    }
    const std::lock_guard lock(mutex);
    accepting = false;
    drained.notify_all();
}

// Counted either way, until `connection_ended`.
bool Listener::Impl::admit(const IpAddress& peer) {
    const std::lock_guard lock(mutex);
    const bool room = ++open_connections <= options.connection_limit;
    return (!is_limited(peer) || addresses.enter(peer, AddressLimit::Steady::now())) && room;
}

void Listener::Impl::vouch(const IpAddress& peer) {
    if (!is_limited(peer)) return;
    const std::lock_guard lock(mutex);
    addresses.vouch(peer, AddressLimit::Steady::now());
}

// One timer for all connections of a lane, a second coarse: cheaper than one for each operation.
net::awaitable<void> Listener::Impl::sweep_loop(Lane& lane) {
    error_code error;
    while (!error) {
        lane.sweep.expires_after(std::chrono::seconds(1));
        co_await lane.sweep.async_wait(net::redirect_error(net::use_awaitable, error));
        const auto now = std::chrono::steady_clock::now();
        for (Connection* connection : lane.connections) {
            if (connection->deadline <= now) {
                connection->stream.close();
            }
        }
    }
}

net::awaitable<void> Listener::Impl::serve(Lane& lane, tcp::socket socket, IpAddress peer, bool too_many) {
    try {
        Connection connection{std::move(socket), peer, options.header_limit + options.body_limit};
        struct Registration {
            Lane& lane;
            Connection* connection;
            Registration(Lane& l, Connection* c) : lane(l), connection(c) { lane.connections.insert(c); }
            ~Registration() { lane.connections.erase(connection); }
        } const registration{lane, &connection};
        if (too_many && !options.tls) {
            co_await turn_away(terms, lane, connection, TransportFault::TooManyConnections);
        } else if (!too_many) {  // under TLS even the refusal would cost a handshake: it is a closed connection
            co_await converse(terms, lane, connection);
        }
    } catch (const std::exception&) {
        // Out of memory: this connection ends, its neighbors go on.
    }
    connection_ended(peer);
}

void Listener::Impl::connection_ended(const IpAddress& peer) {
    const std::lock_guard lock(mutex);
    if (is_limited(peer)) addresses.leave(peer);
    if (--open_connections == 0) {
        drained.notify_all();
    }
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
                    connection->stream.close();
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
