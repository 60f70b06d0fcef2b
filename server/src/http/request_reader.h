// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/exchange.h"
#include "http/read_buffer.h"
#include "http/wiping_allocator.h"

namespace countersign::server {

/// Reads one HTTP/1.1 request from bytes, knowing no socket. What a proxy before us may frame otherwise
/// (RFC 9112, 11.2) is malformed here.
class RequestReader {
  public:
    enum class State : unsigned char { Unfinished, Whole, Malformed, TooLarge };

    /// @param header_limit  bytes of the request line and all fields
    RequestReader(std::size_t header_limit, std::uint64_t body_limit);

    /// Takes what has come out of `buffer`. Not to be called again after any answer but `Unfinished`.
    [[nodiscard]] State take_in(ReadBuffer& buffer);
    /// True once: the header is whole and its sender waits for `100 Continue` before the body.
    [[nodiscard]] bool must_tell_to_continue();

    // Of a whole request:
    [[nodiscard]] bool keep_alive() const { return parser_.keep_alive(); }
    [[nodiscard]] bool is_head() const;
    /// Moves the body out; says nothing of the client and the request's own id.
    [[nodiscard]] HttpRequest take_request();
    /// All lines of `X-Forwarded-For`, joined by commas.
    [[nodiscard]] std::string forwarded_for() const;

  private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body, WipingAllocator<char>>;

    [[nodiscard]] bool is_framed_plainly() const;
    [[nodiscard]] std::ptrdiff_t count_fields() const;

    Parser parser_;
    std::ptrdiff_t header_fields_ = 0;
    bool folded_ = false;  // a field went on in the next line, in whatever piece of the header
    bool told_to_continue_ = false;
};

}  // namespace countersign::server
