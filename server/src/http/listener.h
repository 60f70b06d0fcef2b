// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "http/client_address.h"
#include "http/exchange.h"

namespace countersign::server {

class TlsIdentity;

struct ListenerOptions {
    std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 literal
    std::uint16_t port = 0;             ///< 0: the system picks a free one
    int io_threads = 1;                 ///< 1 to 64
    std::size_t header_limit = 8 * 1024;
    std::uint64_t body_limit = 16 * 1024;
    std::size_t connection_limit = 4096;
    /// Of one IPv4 address or IPv6 /64; not of a trusted proxy (without any, of loopback), nor of a back end that showed
    /// its application key.
    std::size_t connections_per_address = 256;
    std::vector<AddressBlock> trusted_proxies = {};  ///< whose `X-Forwarded-For` and `X-Request-Id` are believed
    std::shared_ptr<TlsIdentity> tls = {};           ///< none: plain HTTP
    std::chrono::seconds request_time{10};  ///< from the first byte of a request to its last
    std::chrono::seconds idle_time{75};     ///< between two requests of one connection
    std::chrono::seconds send_time{10};
    std::chrono::seconds stop_time{10};     ///< how long stop() waits for what is in flight
};

/// HTTP/1.1 on a TCP port, with TLS or without: kept-alive connections, bounded in number, size and time.
///
/// The only part of the product that knows a socket.
class Listener {
  public:
    /// Answers what never reaches the handler.
    using FaultAnswer = std::function<HttpResponse(TransportFault)>;

    /// Binds and starts the io threads. The error is a sentence with the system's own words.
    [[nodiscard]] static tl::expected<std::unique_ptr<Listener>, std::string> start(
        const ListenerOptions& options, HttpHandler handler, FaultAnswer fault_answer);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    // For the operator's numbers; any thread.
    [[nodiscard]] std::size_t open_connections() const;
    /// Turned away since the start, because there were too many in all or of one address.
    [[nodiscard]] std::uint64_t refused_connections() const;

    /// Stops accepting, closes idle connections, lets requests in flight be answered, joins the threads.
    /// @return false when `stop_time` passed first and connections were cut
    bool stop();

  private:
    struct Impl;
    explicit Listener(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace countersign::server
