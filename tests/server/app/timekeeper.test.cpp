// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/timekeeper.h"
#include "stage.h"

using namespace countersign;
using namespace countersign::server;
using Trust = Timekeeper::Trust;

namespace {

StoreState state_at(std::int64_t high_water, std::int64_t confirms = 0) {
    return {1, UnixSeconds{-86400}, UnixSeconds{high_water}, confirms};
}

}  // namespace

TEST_CASE("now is the wall clock or the high-water mark, whichever is later [R16]") {
    auto clock = std::make_shared<FixedClock>();
    Timekeeper time(clock, state_at(FixedClock::kStart - 100));
    CHECK(time.read().now.value == FixedClock::kStart);
    clock->jump(-20);
    CHECK(time.read().now.value == FixedClock::kStart);
    CHECK(time.read().trust == Trust::Reliable);
    clock->pass(25);
    CHECK(time.read().now.value == FixedClock::kStart + 5);
}

TEST_CASE("30 s behind the mark is allowed, 31 s is not [R16]") {
    auto clock = std::make_shared<FixedClock>();
    Timekeeper time(clock, state_at(FixedClock::kStart));
    clock->jump(-30);
    CHECK(time.read().trust == Trust::Reliable);
    clock->jump(-1);
    CHECK(time.read().trust == Trust::Behind);
    clock->pass(1);
    CHECK(time.read().trust == Trust::Reliable);
}

TEST_CASE("a jump of 300 s against the boot clock is allowed, 301 s holds the codes [R16]") {
    auto clock = std::make_shared<FixedClock>();
    Timekeeper time(clock, state_at(0));
    clock->jump(300);
    CHECK(time.read().trust == Trust::Reliable);
    clock->jump(1);
    CHECK(time.read().trust == Trust::Jumped);
    CHECK(time.mark().now.value == FixedClock::kStart + 300);  // the jump leaves no trace in the mark
    clock->set_synchronized(true);
    CHECK(time.read().trust == Trust::Reliable);
    clock->set_synchronized(false);
    CHECK(time.read().trust == Trust::Reliable);
    CHECK(time.read().now.value == FixedClock::kStart + 301);
}

TEST_CASE("a machine that sleeps does not jump: the boot clock goes on [R16]") {
    auto clock = std::make_shared<FixedClock>();
    Timekeeper time(clock, state_at(0));
    clock->pass(86400);
    CHECK(time.read().trust == Trust::Reliable);
}

TEST_CASE("an operator's confirmation ends a hold and may set the mark back [R16]") {
    auto clock = std::make_shared<FixedClock>();
    Timekeeper time(clock, state_at(FixedClock::kStart));
    clock->jump(7200);
    REQUIRE(time.read().trust == Trust::Jumped);
    time.observe(state_at(FixedClock::kStart + 7200, 1));
    CHECK(time.read().trust == Trust::Reliable);
    clock->jump(-7200);
    REQUIRE(time.read().trust == Trust::Behind);
    time.observe(state_at(FixedClock::kStart, 2));
    CHECK(time.read().trust == Trust::Reliable);
    CHECK(time.read().now.value == FixedClock::kStart);
}

TEST_CASE("while the clock is not trusted codes are refused and the server is not ready [R16]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const SessionCaller session = stage.open_session("bob");
    const Begun pending = stage.begin(session).value();
    CHECK(stage.service->readiness().ready);
    stage.clock->jump(3600);
    CHECK_FALSE(stage.service->readiness().ready);
    for (const std::string user : {"ann", "nobody"}) {
        const auto held = stage.verify(user, stage.code(enrolled.seed));
        REQUIRE_FALSE(held);
        CHECK(held.error().code == ServerErrorCode::ClockUnreliable);
    }
    const auto unconfirmed = stage.confirm(session, pending.pending_id, stage.code(seed_of(pending)));
    REQUIRE_FALSE(unconfirmed);
    CHECK(unconfirmed.error().code == ServerErrorCode::ClockUnreliable);
    CHECK(stage.number("SELECT high_water FROM state") < FixedClock::kStart + 3600);
    REQUIRE(stage.administration()->confirm_clock());
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK(stage.service->readiness().ready);
}

TEST_CASE("an old clock after a restart is noticed by the mark in the store [R16]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(3600);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK(stage.number("SELECT high_water FROM state") == FixedClock::kStart + 3600);
    stage.stop();
    stage.clock->jump(-3000);
    stage.start();
    CHECK_FALSE(stage.service->readiness().ready);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed)));
    stage.clock->pass(3000);
    CHECK(stage.service->readiness().ready);
}

TEST_CASE("confirming the clock sets the mark back and no running commit undoes it [R16] [R18]") {
    Stage stage;
    stage.clock->pass(90000);
    static_cast<void>(stage.enroll("ann"));
    REQUIRE(stage.number("SELECT high_water FROM state") == FixedClock::kStart + 90000);
    stage.clock->jump(-86400);
    REQUIRE(stage.administration()->confirm_clock());
    static_cast<void>(stage.open_session("bob"));  // a commit with the mark of before
    CHECK(stage.number("SELECT high_water FROM state") == FixedClock::kStart + 3600);
    CHECK(stage.service->readiness().ready);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'clock.confirmed'") == 1);
}
