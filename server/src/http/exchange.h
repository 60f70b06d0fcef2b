// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/client_address.h"

namespace countersign::server {

/// One HTTP request, read whole and within its limits, without anything of a socket.
struct HttpRequest {
    std::string method;  ///< as sent: `POST`
    std::string path;    ///< the target up to a `?`; the query is dropped unread
    std::string authorization;        ///< the header's value; empty without one
    bool authorization_repeated = false;
    std::string content_type;
    std::string host;                 ///< of the header `Host`, as sent
    std::string origin;               ///< the header's value; empty without one
    bool origin_repeated = false;
    std::string requested_method;     ///< of `Access-Control-Request-Method`; empty without one
    std::string client_address;       ///< an IP literal: the peer, or whom a trusted proxy names
    std::optional<IpAddress> counted_client = {};  ///< the same, for a limit; none of a proxy that names nobody
    std::string request_id;           ///< 1 to 64 of [A-Za-z0-9._-]; empty: whoever handles it makes one
    std::string offered_request_id;   ///< the caller's own, of that form; taken up when an application key is proven
    std::string traceparent;          ///< W3C Trace Context, level 1, checked; empty without one
    std::string body;    ///< may hold a code: whoever takes it out leaves no other copy
};

/// What goes back. The listener adds Date, Content-Length, Connection and the security headers.
struct HttpResponse {
    int status = 200;
    std::string_view content_type = "application/json";  ///< static storage
    std::string body;  ///< may hold a token: wiped once it is sent
    std::vector<std::pair<std::string_view, std::string>> headers;  ///< names in static storage
    bool from_back_end = false;  ///< to a caller with an application key: its address may hold more connections (R15)
};

/// Called exactly once, from any thread.
using Respond = std::function<void(HttpResponse)>;

/// Returns at once; the answer may come later. Called from any io thread.
using HttpHandler = std::function<void(HttpRequest, Respond)>;

/// Why a request never reached the handler.
enum class TransportFault : unsigned char {
    Malformed,        ///< not HTTP/1.1
    TooLarge,         ///< header or body over its limit
    TooManyConnections,
};

}  // namespace countersign::server
