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

/// Beyond the limit, so many are told so at once; more are closed unanswered.
constexpr std::size_t kMostBeingRefused = 256;
constexpr std::chrono::seconds kLastWords{2};  // for the rest of a request when the server ends

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
    enum class Room : unsigned char { Enough, Full, TooManyOfOne, NotEvenToRefuse };
    struct Admitted {
        Room room;
        bool counted;  ///< among the connections of its address
    };
    net::awaitable<void> serve(Lane& lane, tcp::socket socket, IpAddress peer, Admitted admitted);
    Admitted admit(const IpAddress& peer);
    static bool make_room(const Lane& lane, const IpAddress* of);
    void count_refusal();
    void vouch(const IpAddress& peer);
    [[nodiscard]] bool speaks_for_many(const IpAddress& peer);
    void connection_ended(const IpAddress& peer, bool counted);
    bool is_limited(const IpAddress& peer) const;

    ListenerOptions options;
    HttpHandler handler;
    FaultAnswer fault_answer;
    Terms terms{options, handler, fault_answer, [this](const IpAddress& peer) { vouch(peer); },
                [this](const IpAddress& peer) { return speaks_for_many(peer); }};
    std::vector<std::unique_ptr<Lane>> lanes;
    std::optional<tcp::acceptor> acceptor;
    std::uint16_t port = 0;
    std::size_t next_lane = 0;

    mutable std::mutex mutex;  // guards what follows
    std::condition_variable drained;
    std::size_t open_connections = 0;
    std::uint64_t refused_connections = 0;
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
        lane->thread = std::thread([&lane = *lane] {
            const Inbox::Seat seat{lane.inbox};
            lane.context.run();
        });
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
        const Admitted admitted = admit(peer);
        if (admitted.room == Room::NotEvenToRefuse) {
            count_refusal();
            connection_ended(peer, admitted.counted);
            continue;
        }
        net::co_spawn(lane.context, serve(lane, std::move(socket), peer, admitted), net::detached);
    }
    const std::lock_guard lock(mutex);
    accepting = false;
    drained.notify_all();
}

// Without a list of proxies, one on this machine is taken for granted.
bool Listener::Impl::is_limited(const IpAddress& peer) const {
    const auto& trusted = options.trusted_proxies;
    return trusted.empty() ? !peer.is_loopback() : !is_in(trusted, peer);
}

// Open either way, until `connection_ended`.
Listener::Impl::Admitted Listener::Impl::admit(const IpAddress& peer) {
    using Entry = AddressLimit::Entry;
    const std::lock_guard lock(mutex);
    const std::size_t open = ++open_connections;
    const Entry entry = is_limited(peer) ? addresses.enter(peer, AddressLimit::Steady::now()) : Entry::Free;
    Room room = open > options.connection_limit ? Room::Full : Room::Enough;
    if (entry == Entry::Beyond) room = Room::TooManyOfOne;
    if (open > options.connection_limit + kMostBeingRefused) room = Room::NotEvenToRefuse;
    return {room, entry != Entry::Free};
}

void Listener::Impl::count_refusal() {
    const std::lock_guard lock(mutex);
    ++refused_connections;
}

void Listener::Impl::vouch(const IpAddress& peer) {
    if (!is_limited(peer)) return;
    const std::lock_guard lock(mutex);
    addresses.vouch(peer, AddressLimit::Steady::now());
}

bool Listener::Impl::speaks_for_many(const IpAddress& peer) {
    if (!is_limited(peer)) return true;
    const std::lock_guard lock(mutex);
    return addresses.is_vouched(peer, AddressLimit::Steady::now());
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
                connection->end();
            }
        }
    }
}

net::awaitable<void> Listener::Impl::serve(Lane& lane, tcp::socket socket, IpAddress peer, Admitted admitted) {
    try {
        const Room room = admitted.room;
        const bool welcome = room == Room::Enough || make_room(lane, room == Room::TooManyOfOne ? &peer : nullptr);
        Connection connection{std::move(socket), peer, options.header_limit + options.body_limit};
        struct Registration {
            Lane& lane;
            Connection* connection;
            Registration(Lane& l, Connection* c) : lane(l), connection(c) { lane.connections.insert(c); }
            ~Registration() { lane.connections.erase(connection); }
        } const registration{lane, &connection};
        connection.waiting = welcome;
        connection.may_be_proxy = speaks_for_many(peer);
        if (welcome) {
            co_await converse(terms, lane, connection);
        } else {
            count_refusal();
            // Under TLS even the refusal would cost a handshake: it is a closed connection.
            if (!options.tls) co_await turn_away(terms, lane, connection, TransportFault::TooManyConnections);
        }
    } catch (const std::exception&) {
        // Out of memory: this connection ends, its neighbors go on.
    }
    connection_ended(peer, admitted.counted);
}

// Who has waited longest for his peer goes: so those who hold connections without asking anything keep nobody out
// who asks. Never a back end that showed its key there: all people of a site sign in through it. Not within the first
// second, lest a crowd of honest ones chase each other away. Where one address holds too many, one of its own goes.
bool Listener::Impl::make_room(const Lane& lane, const IpAddress* of) {
    Connection* longest = nullptr;
    for (Connection* connection : lane.connections) {
        const bool meant = of == nullptr || connection->peer.counted_as() == of->counted_as();
        const bool may_go = meant && connection->waiting && !connection->vouched;
        if (may_go && (longest == nullptr || connection->waiting_since < longest->waiting_since)) longest = connection;
    }
    if (longest == nullptr || std::chrono::steady_clock::now() - longest->waiting_since < std::chrono::seconds(1)) {
        return false;
    }
    longest->waiting = false;
    longest->end();
    return true;
}

void Listener::Impl::connection_ended(const IpAddress& peer, bool counted) {
    const std::lock_guard lock(mutex);
    if (counted) addresses.leave(peer);
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
    for (const auto& lane : lanes) lane->stopping = true;  // all, before one closes anything: none promises to stay open now
    for (auto& lane : lanes) {
        net::post(lane->context, [&lane = *lane] {
            for (Connection* connection : lane.connections) {
                if (connection->idle) {
                    connection->end();
                    continue;
                }
                if (connection->waiting) connection->limit(kLastWords);  // of a request that is half sent
                connection->turn.cancel();  // what it has asked is answered now, and it ends
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
        lane->inbox.close();
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

std::size_t Listener::open_connections() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->open_connections;
}

std::uint64_t Listener::refused_connections() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->refused_connections;
}

bool Listener::stop() { return impl_->stop(); }

}  // namespace countersign::server
