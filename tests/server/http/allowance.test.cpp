// SPDX-License-Identifier: Apache-2.0
#include "http/allowance.h"

#include <catch2/catch.hpp>

using namespace countersign::server;
using namespace std::chrono_literals;

namespace {

const Allowance::Steady::time_point kStart = Allowance::Steady::time_point{} + 1h;

/// How many requests it lasts for, at one moment.
int requests(Allowance& allowance, Allowance::Steady::time_point now) {
    int count = 0;
    for (; count < 1000 && !allowance.is_spent(now); ++count) allowance.spend(kCostOfRequest, now);
    return count;
}

}  // namespace

TEST_CASE("a connection may ask 16 times at once, and twice a second after") {
    Allowance allowance;
    CHECK(requests(allowance, kStart) == 16);
    CHECK(requests(allowance, kStart) == 0);
    CHECK(requests(allowance, kStart + 499ms) == 0);
    CHECK(requests(allowance, kStart + 500ms) == 1);
    CHECK(requests(allowance, kStart + 1500ms) == 2);
}

TEST_CASE("who asked without end for an hour has his allowance back in eight seconds") {
    Allowance allowance;
    for (auto now = kStart; now < kStart + 1h; now += 100ms) allowance.spend(25 * kCostOfRequest, now);
    CHECK(allowance.is_spent(kStart + 1h));
    CHECK(requests(allowance, kStart + 1h + 8s) == 16);
}

TEST_CASE("a request of sixteen thousand bytes is worth seventeen") {
    Allowance allowance;
    allowance.spend(kCostOfRequest + cost_of_bytes(16'000), kStart);
    CHECK(allowance.is_spent(kStart));
    CHECK_FALSE(allowance.is_spent(kStart + 500ms));
}

TEST_CASE("turns follow each other by what each costs, and nobody waits for those who are gone") {
    SharedPace pace;
    CHECK(pace.next_turn(3ms, kStart) == kStart);
    CHECK(pace.next_turn(1ms, kStart) == kStart + 3ms);
    CHECK(pace.next_turn(1ms, kStart + 1ms) == kStart + 4ms);
    CHECK(pace.next_turn(1ms, kStart + 1s) == kStart + 1s);
}

TEST_CASE("nobody waits longer than two seconds, however many asked before and are gone") {
    SharedPace pace;
    for (int i = 0; i < 10'000; ++i) CHECK(pace.next_turn(17ms, kStart) <= kStart + 2s);
    CHECK(pace.next_turn(1ms, kStart) == kStart + 2s);
    CHECK(pace.next_turn(1ms, kStart + 2s) == kStart + 2s);
}
