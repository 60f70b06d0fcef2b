// SPDX-License-Identifier: Apache-2.0
#include "http/session_limit.h"

#include <catch2/catch.hpp>

using namespace countersign::server;
using namespace std::chrono_literals;

namespace {

const SessionLimit::Steady::time_point kStart = SessionLimit::Steady::time_point{} + 1h;

/// How many requests it lets through, at one moment.
int requests(SessionLimit& limit, const std::string& session, SessionLimit::Steady::time_point now) {
    int count = 0;
    while (count < 1000 && !limit.refuse(session, now)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a session asks 128 times at once and every two seconds after, and is told how long to wait [L7] [L8]") {
    SessionLimit limit;
    CHECK(requests(limit, "ses_a", kStart) == 128);
    CHECK(limit.refuse("ses_a", kStart) == 2s);
    CHECK(limit.refuse("ses_a", kStart + 1500ms) == 1s);
    CHECK(requests(limit, "ses_a", kStart + 2s) == 1);
    CHECK(requests(limit, "ses_a", kStart + 5min) == 128);
}

TEST_CASE("what one session has used up is not another's of the same user [L7] [L8]") {
    SessionLimit limit;
    CHECK(requests(limit, "ses_a", kStart) == 128);
    CHECK(requests(limit, "ses_b", kStart) == 128);
}

TEST_CASE("so many sessions are remembered and no more, and none is refused for it") {
    SessionLimit limit;
    for (std::size_t i = 0; i < 3 * SessionLimit::kMostRemembered; ++i) {
        REQUIRE_FALSE(limit.refuse("ses_" + std::to_string(i), kStart));
    }
    CHECK(limit.remembered() <= SessionLimit::kMostRemembered);
}
