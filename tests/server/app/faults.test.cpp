// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "failing_vfs.h"
#include "stage.h"

// Every write can fail; the answer is then never yes (L19). The fault is put after 0, 1, 2, ... good writes,
// until a whole operation passes under it.

using namespace countersign;
using namespace countersign::server;
using Fault = FailingVfs::Fault;

namespace {

constexpr Fault kFaults[] = {Fault::Full, Fault::WriteError, Fault::SyncError};
constexpr int kAllWrites = 60;

class FaultyStage {
  public:
    FaultyStage() {
        FailingVfs::install();
        stage = std::make_unique<Stage>();
    }
    ~FaultyStage() { FailingVfs::heal(); }
    std::unique_ptr<Stage> stage;
};

}  // namespace

TEST_CASE("no verification says yes whose write, or sync, did not reach the disk [L19] [L18] [R10]") {
    for (const Fault fault : kFaults) {
        FaultyStage faulty;
        Stage& stage = *faulty.stage;
        const Enrolled enrolled = stage.enroll("ann");
        int refused = 0;
        bool accepted = false;
        for (int good = 0; good < kAllWrites && !accepted; ++good) {
            stage.clock->pass(90);
            const std::string code = stage.code(enrolled.seed);
            FailingVfs::fail_after(good, fault);
            const auto answer = stage.verify("ann", code);
            accepted = answer && answer->ok;
            const std::int64_t step = stage.clock->wall().value / 30;
            FailingVfs::heal();
            if (accepted) {
                CHECK(stage.number("SELECT last_step FROM credential") == step);
                CHECK_FALSE(stage.verify("ann", code).value().ok);
            } else {
                ++refused;
                REQUIRE_FALSE(answer);
                CHECK(answer.error().code == ServerErrorCode::ServerUnavailable);
                CHECK(stage.number("SELECT failures FROM credential") == 0);
                CHECK(stage.verify("ann", code).value().ok);  // it recovers without a restart, and the code was not burnt
            }
        }
        CHECK(refused > 0);
        CHECK(accepted);
        CHECK(SQLite::Database(stage.database()).execAndGet("PRAGMA integrity_check").getString() == "ok");
    }
}

TEST_CASE("a wrong code under a failing disk is refused, and unavailable is not told as refused [L19]") {
    FaultyStage faulty;
    Stage& stage = *faulty.stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(90);
    FailingVfs::fail_after(0, Fault::Full);
    for (const std::string user : {"ann", "nobody"}) {
        const auto answer = stage.verify(user, stage.wrong_code(enrolled.seed));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ServerErrorCode::ServerUnavailable);
        CHECK(answer.error().retry_after_seconds > 0);
    }
    CHECK_FALSE(stage.service->readiness().ready);
    FailingVfs::heal();
    CHECK_FALSE(stage.verify("ann", stage.wrong_code(enrolled.seed)).value().ok);
    CHECK(stage.service->readiness().ready);
}

TEST_CASE("a store that cannot be locked answers everybody 503 at once, and recovers [L19] [R10]") {
    FaultyStage faulty;
    Stage& stage = *faulty.stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(90);
    FailingVfs::fail_after(0, Fault::LockError);
    for (const std::string user : {"ann", "nobody"}) {
        const auto answer = stage.verify(user, stage.code(enrolled.seed));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ServerErrorCode::ServerUnavailable);
    }
    CHECK_FALSE(stage.service->readiness().ready);
    FailingVfs::heal();
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
}

TEST_CASE("no enrollment is confirmed whose write did not reach the disk [L19]") {
    for (const Fault fault : kFaults) {
        FaultyStage faulty;
        Stage& stage = *faulty.stage;
        bool confirmed = false;
        for (int good = 0; good < kAllWrites && !confirmed; ++good) {
            const SessionCaller session = stage.open_session("ann");
            const Begun pending = stage.begin(session).value();
            FailingVfs::fail_after(good, fault);
            const auto answer = stage.confirm(session, pending.pending_id, stage.code(seed_of(pending)));
            FailingVfs::heal();
            confirmed = answer && answer->ok;
            CHECK(stage.totp_of("ann").status == (confirmed ? "active" : "pending"));
            CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.enrolled'") == confirmed);
        }
        CHECK(confirmed);
    }
}

TEST_CASE("no session and no pending secret is handed out that is not on disk [L19]") {
    for (const Fault fault : kFaults) {
        FaultyStage faulty;
        Stage& stage = *faulty.stage;
        const SessionCaller session = stage.open_session("ann");
        FailingVfs::fail_after(0, fault);
        CHECK_FALSE(await<OpenedSession>([&](Reply<OpenedSession> reply) {
            stage.service->open_session(stage.caller, {"bob", "manage", "a", "b"}, std::move(reply));
        }));
        CHECK_FALSE(stage.begin(session));
        FailingVfs::heal();
        CHECK(stage.number("SELECT count(*) FROM session WHERE user = 'bob'") == 0);
        CHECK(stage.totp_of("ann").status == "not_configured");
        CHECK(stage.begin(session));
    }
}

TEST_CASE("an operator's write that fails is told and leaves nothing behind [L19]") {
    FaultyStage faulty;
    Stage& stage = *faulty.stage;
    auto administration = stage.administration();
    FailingVfs::fail_after(0, Fault::Full);
    CHECK(administration->create_app_key("default", "x").error().code == ServerErrorCode::DataStoreFailed);
    CHECK_FALSE(administration->confirm_clock());
    CHECK_FALSE(administration->create_realm("second"));
    FailingVfs::heal();
    CHECK(administration->list_app_keys("default")->size() == 1);
    CHECK(administration->list_realms()->size() == 1);
    CHECK(stage.number("SELECT clock_confirms FROM state") == 0);
}
