// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "http/tls_channel.h"

namespace countersign::server {

/// The bytes of one connection, in clear or under TLS. One coroutine at a time; `close` by its lane's thread.
class ConnectionStream {
  public:
    explicit ConnectionStream(boost::asio::ip::tcp::socket accepted);

    /// TLS from here on. @return whether the handshake succeeded
    [[nodiscard]] boost::asio::awaitable<bool> begin_tls(ssl_ctx_st& context);
    /// At least one byte; an error when there will be none.
    [[nodiscard]] boost::asio::awaitable<std::size_t> read_some(std::span<char> into, boost::system::error_code& error);
    /// All of both.
    [[nodiscard]] boost::asio::awaitable<std::size_t> write(std::string_view head, std::string_view body,
                                                            boost::system::error_code& error);
    /// Says that nothing more comes, then throws away what still does: closing with unread bytes would reset the
    /// connection and could take the answer with it. Ends with the peer, or by `close`.
    [[nodiscard]] boost::asio::awaitable<void> linger();
    void close();
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }
    /// Whether the peer has sent more than was read.
    [[nodiscard]] bool has_unread() const;

  private:
    [[nodiscard]] boost::asio::awaitable<bool> wait_for(TlsChannel::Next next);
    [[nodiscard]] boost::asio::awaitable<std::size_t> read_tls(std::span<char> into, boost::system::error_code& error);
    [[nodiscard]] boost::asio::awaitable<std::size_t> write_tls(std::string_view head, std::string_view body,
                                                                boost::system::error_code& error);

    boost::asio::ip::tcp::socket socket_;
    std::optional<TlsChannel> tls_;
    int reads_at_once_ = 0;  ///< without a wait between them
};

}  // namespace countersign::server
