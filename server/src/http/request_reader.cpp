// SPDX-License-Identifier: Apache-2.0
#include "http/request_reader.h"

#include <iterator>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include "http/request_id.h"

namespace countersign::server {

namespace http = boost::beast::http;
using boost::beast::iequals;

namespace {

// Beast joins a field that goes on in the next line (RFC 9112, 5.2); others take that line for a field of its own.
bool has_folded_field(std::string_view header) {
    return header.find("\r\n ") != std::string_view::npos || header.find("\r\n\t") != std::string_view::npos;
}

}  // namespace

RequestReader::RequestReader(std::size_t header_limit, std::uint64_t body_limit) {
    parser_.header_limit(static_cast<std::uint32_t>(header_limit));
    parser_.body_limit(body_limit);
    parser_.eager(false);  // until the header is whole, to look at it before the body
}

// Beast takes a request with an unknown transfer coding by its Content-Length, and adds a chunked body's
// trailers to the header. A proxy before us may read either differently, so both are refused.
bool RequestReader::is_framed_plainly() const {
    const auto& header = parser_.get();
    const auto codings = header.count(http::field::transfer_encoding);
    return codings == 0 || (codings == 1 && header.version() == 11 && header.count(http::field::content_length) == 0 &&
                            iequals(header[http::field::transfer_encoding], "chunked"));
}

std::ptrdiff_t RequestReader::count_fields() const {
    return std::distance(parser_.get().begin(), parser_.get().end());
}

RequestReader::State RequestReader::take_in(ReadBuffer& buffer) {
    while (!buffer.empty()) {
        boost::system::error_code error;
        const std::string_view data = buffer.data();
        const std::size_t taken = parser_.put(boost::asio::buffer(data.data(), data.size()), error);
        folded_ = folded_ || (!parser_.eager() && has_folded_field(data.substr(0, taken)));
        buffer.consume(taken);
        if (error == http::error::header_limit || error == http::error::body_limit) {
            return State::TooLarge;
        }
        if (error && error != http::error::need_more) {
            return State::Malformed;
        }
        const bool header_came = parser_.is_header_done() && !parser_.eager();
        if (header_came) {
            if (folded_ || !is_framed_plainly()) {
                return State::Malformed;
            }
            header_fields_ = count_fields();
            parser_.eager(true);
        }
        if (parser_.is_done()) {
            const bool one_host = parser_.get().version() < 11 || parser_.get().count(http::field::host) == 1;
            return one_host && count_fields() == header_fields_ ? State::Whole : State::Malformed;
        }
        if (!header_came) {
            break;
        }
    }
    return State::Unfinished;
}

bool RequestReader::must_tell_to_continue() {
    if (told_to_continue_ || !parser_.is_header_done() || !iequals(parser_.get()[http::field::expect], "100-continue")) {
        return false;
    }
    return told_to_continue_ = true;
}

bool RequestReader::is_head() const { return parser_.get().method() == http::verb::head; }

HttpRequest RequestReader::take_request() {
    auto& message = parser_.get();
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
    if (const auto id = message["X-Request-Id"]; message.count("X-Request-Id") == 1 && is_request_id(id)) {
        request.offered_request_id = std::string(id);
    }
    if (const auto parent = message["traceparent"]; message.count("traceparent") == 1 && is_traceparent(parent)) {
        request.traceparent = std::string(parent);
    }
    request.body = std::move(message.body());
    return request;
}

std::string RequestReader::forwarded_for() const {
    std::string all;
    const auto [first, last] = parser_.get().equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field) {
        all.append(all.empty() ? "" : ",").append(field->value());
    }
    return all;
}

}  // namespace countersign::server
