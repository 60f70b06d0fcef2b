// SPDX-License-Identifier: Apache-2.0
#include "http/client_address.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "http/address_limit.h"

using namespace countersign::server;
using namespace std::chrono_literals;

namespace {

using Entry = AddressLimit::Entry;

IpAddress address(std::string_view text) {
    const auto parsed = IpAddress::parse(text);
    INFO(text);
    REQUIRE(parsed);
    return *parsed;
}

std::vector<AddressBlock> blocks(const std::vector<std::string>& texts) {
    std::vector<AddressBlock> all;
    for (const std::string& text : texts) {
        INFO(text);
        REQUIRE(AddressBlock::parse(text));
        all.push_back(*AddressBlock::parse(text));
    }
    return all;
}

std::string client(std::string_view peer, const std::vector<std::string>& trusted, std::string_view forwarded_for) {
    return find_client(address(peer), blocks(trusted), forwarded_for).text();
}

}  // namespace

TEST_CASE("an address is read in figures alone, and both forms of IPv4 are one [R15]") {
    CHECK(address("192.0.2.1") == address("::ffff:192.0.2.1"));
    CHECK(address("::ffff:192.0.2.1").text() == "192.0.2.1");
    CHECK(address("2001:DB8:0:0::1").text() == "2001:db8::1");
    for (const std::string_view text : {"", "localhost", "192.0.2", "192.0.2.256", "192.0.2.01", " 192.0.2.1", "192.0.2.1:80",
                                        "fe80::1%eth0", "1:2:3", "::ffff:192.0.2.1/96", "3232235777"}) {
        INFO(text);
        CHECK_FALSE(IpAddress::parse(text));
    }
    CHECK_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0", 10)));
    CHECK(address("127.8.9.10").is_loopback());
    CHECK(address("::1").is_loopback());
    CHECK_FALSE(address("128.0.0.1").is_loopback());
    CHECK_FALSE(address("::2").is_loopback());
}

TEST_CASE("a block holds what begins with its bits, and is refused with bits beyond [R15]") {
    const auto ten = blocks({"10.0.0.0/8"});
    CHECK(is_in(ten, address("10.255.1.2")));
    CHECK(is_in(ten, address("::ffff:10.255.1.2")));
    CHECK_FALSE(is_in(ten, address("11.0.0.0")));
    CHECK_FALSE(is_in(ten, address("a00::1")));
    const auto odd = blocks({"192.0.2.64/27", "2001:db8::/33", "198.51.100.7"});
    CHECK(is_in(odd, address("192.0.2.95")));
    CHECK_FALSE(is_in(odd, address("192.0.2.96")));
    CHECK(is_in(odd, address("2001:db8:7fff::1")));
    CHECK_FALSE(is_in(odd, address("2001:db8:8000::1")));
    CHECK(is_in(odd, address("198.51.100.7")));
    CHECK_FALSE(is_in(odd, address("198.51.100.8")));
    CHECK(is_in(blocks({"0.0.0.0/0"}), address("203.0.113.9")));
    CHECK_FALSE(is_in(blocks({"0.0.0.0/0"}), address("2001:db8::1")));
    for (const std::string_view text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8",
                                        "2001:db8::/129", "2001:db8::1/64", "/8", "10.0.0.0/8 "}) {
        INFO(text);
        CHECK_FALSE(AddressBlock::parse(text));
    }
}

TEST_CASE("forwarded addresses are read from the right, from a trusted peer alone [R15]") {
    const std::vector<std::string> trusted{"10.0.0.0/8", "2001:db8:1::/48"};
    CHECK(client("203.0.113.5", trusted, "192.0.2.1") == "203.0.113.5");
    CHECK(client("10.0.0.1", trusted, "") == "10.0.0.1");
    CHECK(client("10.0.0.1", trusted, "192.0.2.1") == "192.0.2.1");
    CHECK(client("10.0.0.1", trusted, "127.0.0.1, 192.0.2.1") == "192.0.2.1");
    CHECK(client("10.0.0.1", trusted, "192.0.2.1, 198.51.100.9,10.1.2.3 ,\t10.9.9.9") == "198.51.100.9");
    CHECK(client("10.0.0.1", trusted, "10.1.1.1, 10.2.2.2") == "10.1.1.1");
    CHECK(client("10.0.0.1", trusted, "192.0.2.1, unknown") == "10.0.0.1");
    CHECK(client("10.0.0.1", trusted, "192.0.2.1, ") == "10.0.0.1");
    CHECK(client("10.0.0.1", trusted, "192.0.2.1:4711") == "192.0.2.1");
    CHECK(client("2001:db8:1::7", trusted, "[2001:db8:2::9]:443") == "2001:db8:2::9");
    CHECK(client("2001:db8:1::7", trusted, "2001:db8:2::9") == "2001:db8:2::9");
    CHECK(client("10.0.0.1", trusted, "[") == "10.0.0.1");
}

TEST_CASE("an address holds so many connections, a back end's as many as it likes [R15]") {
    AddressLimit limit(2);
    const auto now = AddressLimit::Steady::now();
    const IpAddress one = address("192.0.2.1");
    CHECK(limit.enter(one, now) == Entry::Within);
    CHECK(limit.enter(one, now) == Entry::Within);
    CHECK(limit.enter(one, now) == Entry::Beyond);
    CHECK(limit.enter(address("192.0.2.2"), now) == Entry::Within);
    limit.leave(one);
    limit.leave(one);
    CHECK(limit.enter(one, now) == Entry::Within);
    limit.vouch(one, now);
    for (int i = 0; i < 10; ++i) CHECK(limit.enter(one, now + 9min) == Entry::Free);
    CHECK(limit.enter(one, now + 11min) == Entry::Beyond);
}

TEST_CASE("a back end's connections take no place of its neighbors' in the same network [R15]") {
    AddressLimit limit(1);
    const auto now = AddressLimit::Steady::now();
    limit.vouch(address("2001:db8::1"), now);
    for (int i = 0; i < 10; ++i) CHECK(limit.enter(address("2001:db8::1"), now) == Entry::Free);
    CHECK(limit.enter(address("2001:db8::2"), now) == Entry::Within);
}

TEST_CASE("an IPv6 network of 64 bits counts as one address [R15]") {
    AddressLimit limit(1);
    const auto now = AddressLimit::Steady::now();
    CHECK(limit.enter(address("2001:db8::1"), now) == Entry::Within);
    CHECK(limit.enter(address("2001:db8::ffff:2"), now) == Entry::Beyond);
    CHECK(limit.enter(address("2001:db8:0:1::1"), now) == Entry::Within);
}
