// SPDX-License-Identifier: Apache-2.0
#include "http/connection_stream.h"

#include <array>
#include <string>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "countersign/secret.h"

namespace countersign::server {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

namespace {

/// So often TLS gives what has come already; then others of this thread have their turn.
constexpr int kReadsAtOnce = 16;

}  // namespace

ConnectionStream::ConnectionStream(tcp::socket accepted) : socket_(std::move(accepted)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
}

net::awaitable<bool> ConnectionStream::begin_tls(ssl_ctx_st& context) {
    error_code error;
    socket_.native_non_blocking(true, error);
    if (error) co_return false;
    tls_.emplace(context, socket_.native_handle());
    for (;;) {
        const TlsChannel::Step step = tls_->handshake();
        if (step.next == TlsChannel::Next::Done) co_return true;
        if (!co_await wait_for(step.next)) co_return false;
    }
}

/// False when the connection is over. A socket that was closed meanwhile must not be touched by TLS, even when
/// the wait had succeeded before: its number may be another connection's by now.
net::awaitable<bool> ConnectionStream::wait_for(TlsChannel::Next next) {
    if (next == TlsChannel::Next::Closed) co_return false;
    error_code error;
    co_await socket_.async_wait(next == TlsChannel::Next::WaitToRead ? tcp::socket::wait_read : tcp::socket::wait_write,
                                net::redirect_error(net::use_awaitable, error));
    co_return !error && socket_.is_open();
}

net::awaitable<std::size_t> ConnectionStream::read_some(std::span<char> into, error_code& error) {
    if (tls_) return read_tls(into, error);
    return socket_.async_read_some(net::buffer(into.data(), into.size()), net::redirect_error(net::use_awaitable, error));
}

net::awaitable<std::size_t> ConnectionStream::read_tls(std::span<char> into, error_code& error) {
    while (socket_.is_open()) {
        const TlsChannel::Step step = tls_->read(into);
        if (step.next == TlsChannel::Next::Done) {
            if (++reads_at_once_ == kReadsAtOnce) {
                reads_at_once_ = 0;
                co_await net::post(socket_.get_executor(), net::use_awaitable);
            }
            co_return step.count;
        }
        if (!co_await wait_for(step.next)) break;
        reads_at_once_ = 0;
    }
    error = net::error::eof;
    co_return 0;
}

net::awaitable<std::size_t> ConnectionStream::write(std::string_view head, std::string_view body, error_code& error) {
    if (tls_) return write_tls(head, body, error);
    const std::array<net::const_buffer, 2> parts{net::buffer(head.data(), head.size()),
                                                 net::buffer(body.data(), body.size())};
    return net::async_write(socket_, parts, net::redirect_error(net::use_awaitable, error));
}

net::awaitable<std::size_t> ConnectionStream::write_tls(std::string_view head, std::string_view body,
                                                        error_code& error) {
    std::string both;  // one record, where it fits
    both.reserve(head.size() + body.size());
    both.append(head).append(body);
    std::size_t written = 0;
    while (socket_.is_open() && written < both.size()) {
        const TlsChannel::Step step = tls_->write(std::string_view(both).substr(written));
        written += step.count;
        if (step.next != TlsChannel::Next::Done && !co_await wait_for(step.next)) break;
    }
    if (written != both.size()) error = net::error::eof;
    wipe_memory(both.data(), both.size());
    co_return written;
}

net::awaitable<void> ConnectionStream::linger() {
    if (!socket_.is_open()) co_return;
    if (tls_) tls_->say_goodbye();
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 1024> discarded{};
    while (!error) {
        co_await socket_.async_read_some(net::buffer(discarded), net::redirect_error(net::use_awaitable, error));
    }
    wipe_memory(discarded.data(), discarded.size());
}

bool ConnectionStream::has_unread() const {
    error_code error;
    return socket_.available(error) != 0;
}

void ConnectionStream::close() {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace countersign::server
