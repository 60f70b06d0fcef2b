// SPDX-License-Identifier: Apache-2.0
#include "http/client_limit.h"

#include <catch2/catch.hpp>

using namespace countersign::server;
using namespace std::chrono_literals;

namespace {

const ClientLimit::Steady::time_point kStart = ClientLimit::Steady::time_point{} + 1h;

IpAddress address(const std::string& text) { return IpAddress::parse(text).value(); }

int taken(ClientLimit& limit, const std::string& from, ClientLimit::Steady::time_point now) {
    int count = 0;
    while (count < 10'000 && !limit.refuse(address(from), now)) ++count;
    return count;
}

}  // namespace

TEST_CASE("an address may ask for ten seconds at once, and so often a second after [R15]") {
    ClientLimit limit(5);
    CHECK(taken(limit, "192.0.2.1", kStart) == 50);
    CHECK(limit.refuse(address("192.0.2.1"), kStart) == 1s);
    CHECK(taken(limit, "192.0.2.1", kStart + 1s) == 5);
    CHECK(taken(limit, "192.0.2.1", kStart + 1h) == 50);
    CHECK(taken(limit, "192.0.2.2", kStart) == 50);
    CHECK(taken(limit, "2001:db8::1", kStart) == 50);
    CHECK(taken(limit, "2001:db8::2:1", kStart) == 0);
}

TEST_CASE("a crowd of addresses is remembered up to a bound, and who asks all the time is not forgotten") {
    ClientLimit limit(1);
    CHECK(taken(limit, "192.0.2.1", kStart) == 10);
    for (unsigned i = 0; i < 200'000; ++i) {
        const std::string text = "10." + std::to_string(i >> 16) + "." + std::to_string((i >> 8) & 255) + "." + std::to_string(i & 255);
        CHECK_FALSE(limit.refuse(address(text), kStart));
        if (i % 1000 == 0) CHECK(limit.refuse(address("192.0.2.1"), kStart));
        if (limit.remembered() > ClientLimit::kMostRemembered) FAIL("it remembers " << limit.remembered());
    }
}
