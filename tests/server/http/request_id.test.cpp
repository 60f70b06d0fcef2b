// SPDX-License-Identifier: Apache-2.0
#include "http/request_id.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace countersign::server;

TEST_CASE("a request id of ours is 32 hexadecimal digits and never the same") {
    const std::string id = new_request_id();
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(id != new_request_id());
    CHECK(is_request_id(id));
}

TEST_CASE("a caller's request id is short and plain, or none") {
    CHECK(is_request_id("A.b_c-9"));
    CHECK(is_request_id(std::string(64, 'x')));
    CHECK_FALSE(is_request_id(std::string(65, 'x')));
    for (const std::string_view text : {"", "a b", "a\nb", "a\"b", "\xc3\xa4", "a/b", "a%20"}) CHECK_FALSE(is_request_id(text));
}

TEST_CASE("a traceparent is taken in its one form, and of later versions the known part") {
    const std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    CHECK(is_traceparent(good));
    CHECK(trace_id(good) == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(trace_id("").empty());
    CHECK(is_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes"));
    const std::vector<std::string> refused{
        "",
        "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    for (const std::string& bad : refused) {
        INFO(bad);
        CHECK_FALSE(is_traceparent(bad));
    }
}
