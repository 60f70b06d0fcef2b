// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <thread>

#include "audit_stage.h"
#include "stage.h"
#include "store/schema.h"

using namespace countersign;
using namespace countersign::server;

TEST_CASE("rows are numbered from 1 in the order of their time, once [R26]") {
    AuditStage stage;
    stage.add_rows(5);
    CHECK(stage.verify().unsealed == 5);
    const SealReport first = stage.seal_and_sign();
    CHECK(first.leased);
    CHECK_FALSE(first.more);
    CHECK(first.events == std::map<std::string, std::int64_t>{{"credential.locked", 5}});
    REQUIRE(first.checkpoint);
    CHECK(first.checkpoint->checkpoint.size == 5);
    CHECK(first.checkpoint->checkpoint.time.value == stage.now);

    const SealReport second = stage.seal_and_sign();
    CHECK(second.events.empty());
    CHECK_FALSE(second.checkpoint);  // nothing new: nothing to sign
    const AuditReport report = stage.verify();
    CHECK(report.intact());
    CHECK(report.sealed == 5);
    CHECK(report.signed_size == 5);
    CHECK(report.unsealed == 0);
    CHECK(stage.number("SELECT count(*) FROM audit a JOIN audit b ON a.number < b.number AND a.at > b.at") == 0);
}

TEST_CASE("a step seals a bounded number of rows, and signs when none is left [R26]") {
    AuditStage stage;
    stage.add_rows(7);
    SealRequest request = stage.request();
    request.most = 3;
    for (const int sealed : {3, 6}) {
        const SealReport report = stage.seal(request);
        CHECK(report.more);
        CHECK_FALSE(report.checkpoint);
        CHECK(stage.verify().sealed == sealed);
    }
    const SealReport last = stage.seal(request);
    CHECK_FALSE(last.more);
    CHECK(last.checkpoint.value().checkpoint.size == 7);
    CHECK(stage.verify().intact());
}

TEST_CASE("what was not committed was never numbered [R26]") {
    AuditStage stage;
    stage.add_rows(4);
    {
        Database database(stage.data + "/countersign.sqlite", Role::Writer);
        WriteTransaction transaction(database);
        CHECK(seal_audit(database, stage.request(), read_state(database)).checkpoint);
    }  // left without a commit, as by kill -9
    CHECK(stage.verify().sealed == 0);
    CHECK(stage.seal_and_sign().checkpoint.value().checkpoint.size == 4);
    CHECK(stage.verify().intact());
}

TEST_CASE("one sealer holds the lease, and another takes it only when it is over [R26]") {
    AuditStage stage;
    SealRequest other = stage.request();
    other.sealer = "slr_2";
    CHECK(stage.seal(stage.request()).leased);
    stage.add_rows(1);
    CHECK_FALSE(stage.seal(other).leased);
    CHECK(stage.verify().unsealed == 1);
    CHECK(stage.seal(stage.request()).leased);  // renewed

    stage.now += kSealerLeaseSeconds - 1;
    CHECK_FALSE(stage.seal(other).leased);
    stage.now += 1;
    CHECK(stage.seal(other).leased);
    CHECK_FALSE(stage.seal(stage.request()).leased);

    other.release = true;
    CHECK(stage.seal(other).leased);
    CHECK(stage.seal(stage.request()).leased);
    other.release = false;
    other.alone = true;  // the directory's lock says that the holder is dead
    CHECK(stage.seal(other).leased);
}

TEST_CASE("a lease from before the clock was set back does not stop sealing [R26] [R16]") {
    AuditStage stage;
    CHECK(stage.seal(stage.request()).leased);
    stage.now -= 3600;
    SealRequest other = stage.request();
    other.sealer = "slr_2";
    CHECK(stage.seal(other).leased);
}

TEST_CASE("a new epoch is signed anew, with no record more [R26] [R17]") {
    AuditStage stage;
    stage.add_rows(2);
    const SignedCheckpoint before = stage.seal_and_sign().checkpoint.value();
    stage.change("UPDATE state SET epoch = epoch + 1");
    const SignedCheckpoint after = stage.seal_and_sign().checkpoint.value();
    CHECK(after.checkpoint.epoch == before.checkpoint.epoch + 1);
    CHECK(after.checkpoint.head == before.checkpoint.head);
    const AuditReport report = stage.verify(format_checkpoint(before));
    CHECK(report.break_count == 0);
    CHECK(report.since.value() == "extends_after_restore");
    CHECK_FALSE(report.intact());  // told, not glossed over
}

namespace {

/// Looks until it is so, or until long after it should have been.
template <class Condition>
bool becomes(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

AuditReport verify(const Stage& stage) {
    return AuditLog::open(stage.data, stage.key_file).value()->verify(std::nullopt).value();
}

}  // namespace

TEST_CASE("a running service seals by itself and signs; the last rows at its end [R26]") {
    Stage stage;
    CHECK(becomes([&] { return stage.number("SELECT count(*) FROM audit WHERE number IS NULL") == 0; }));
    CHECK(becomes([&] { return stage.log->text().find("audit.checkpoint") != std::string::npos; }));
    const Enrolled enrolled = stage.enroll("ann");
    stage.stop();
    const AuditReport report = verify(stage);
    CHECK(report.intact());
    CHECK(report.unsealed == 0);
    CHECK(report.signed_size == report.sealed);
    CHECK(stage.log->text().find(report.checkpoint) != std::string::npos);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.enrolled' AND number IS NOT NULL") == 1);
    stage.start();
    CHECK(stage.verify("ann", stage.code(enrolled.seed, 1)).value().ok);
}

TEST_CASE("a log that cannot be sealed stops no login; it is said once, and mended without a restart [R26]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.stop();
    stage.change("UPDATE audit_chain SET head = x'00'");
    stage.change("INSERT INTO audit (realm, user, at, nonce, event, method, credential, detail) "
                 "VALUES ('default', '', 1, x'01', 'realm.created', '', '', '')");
    stage.start();
    CHECK(becomes([&] { return stage.log->text().find("audit.not_sealed") != std::string::npos; }));
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    stage.change("UPDATE audit_chain SET head = (SELECT chain_head FROM audit WHERE number = size)");
    CHECK(becomes([&] { return stage.number("SELECT count(*) FROM audit WHERE number IS NULL") == 0; }));
    CHECK(becomes([&] { return stage.log->text().find("audit.sealing_again") != std::string::npos; }));
    const std::string log = stage.log->text();
    CHECK(log.find("audit.not_sealed") == log.rfind("audit.not_sealed"));
    stage.stop();
    CHECK(verify(stage).intact());
}
