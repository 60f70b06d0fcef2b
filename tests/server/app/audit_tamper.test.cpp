// SPDX-License-Identifier: Apache-2.0
// What somebody can do to a sealed log who can write to the store, with and without the signing key.
#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "audit_stage.h"

using namespace countersign;
using namespace countersign::server;

namespace {

/// Twelve records, with checkpoints after 4, 8 and 12.
struct SealedLog {
    AuditStage stage;
    std::vector<std::string> kept;

    SealedLog() {
        for (int i = 0; i < 3; ++i) {
            stage.add_rows(4);
            kept.push_back(format_checkpoint(stage.seal_and_sign().checkpoint.value()));
            stage.now += 100;
        }
    }
};

const SealedLog& sealed_log() {
    static const SealedLog log;
    return log;
}

/// As one who changes rows and knows how to compute, but has no key: hashes and heads from `first` on fit again.
void chain_anew(AuditStage& stage, std::int64_t first) {
    SQLite::Database outside(stage.data + "/countersign.sqlite", SQLite::OPEN_READWRITE, 5000);
    ChainHash head = kEmptyChain;
    SQLite::Statement rows(outside, "SELECT number, at, nonce, realm, user, event, method, credential, detail, chain_head "
                                    "FROM audit WHERE number IS NOT NULL ORDER BY number");
    struct Link {
        std::int64_t number;
        ChainHash hash, head;
    };
    std::vector<Link> links;
    while (rows.executeStep()) {
        const auto text = [&](int column) { return rows.getColumn(column).getString(); };
        const auto blob = [&](int column) {
            const std::string bytes = rows.getColumn(column).getString();
            return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
        };
        const std::int64_t number = rows.getColumn(0).getInt64();
        const AuditRow row{number, UnixSeconds{rows.getColumn(1).getInt64()}, blob(2), text(3), text(4), text(5), text(6),
                           text(7), text(8), {}, {}};
        const ChainHash hash = hash_audit_row(row);
        head = extend_chain(head, number, hash);
        if (number >= first) links.push_back({number, hash, head});
    }
    for (const Link& link : links) {
        SQLite::Statement update(outside, "UPDATE audit SET record_hash = ?, chain_head = ? WHERE number = ?");
        update.bind(1, link.hash.data(), static_cast<int>(link.hash.size()));
        update.bind(2, link.head.data(), static_cast<int>(link.head.size()));
        update.bind(3, link.number);
        update.exec();
    }
    SQLite::Statement chain(outside, "UPDATE audit_chain SET size = (SELECT max(number) FROM audit), head = ?");
    chain.bind(1, head.data(), static_cast<int>(head.size()));
    chain.exec();
}

/// The log as it stood at eight records, with everything of later taken out.
void cut_to_eight(AuditStage& stage) {
    stage.change("DELETE FROM audit WHERE number > 8; DELETE FROM audit_checkpoint WHERE size > 8; "
                 "UPDATE audit_chain SET size = 8, signed_size = 8, head = (SELECT chain_head FROM audit WHERE number = 8)");
}

bool tells(const AuditReport& report, std::int64_t number, const std::string& what) {
    return std::ranges::any_of(report.breaks, [&](const AuditBreak& each) {
        INFO(each.number << ": " << each.what);
        return each.number == number && each.what.find(what) != std::string::npos;
    });
}

/// One break and no other, there.
void check_broken(const AuditStage& stage, std::int64_t number, const std::string& what) {
    const AuditReport report = stage.verify();
    INFO(report.break_count << " breaks; " << (report.breaks.empty() ? "" : report.breaks[0].what));
    CHECK_FALSE(report.intact());
    CHECK(report.break_count == 1);
    CHECK(tells(report, number, what));
}

}  // namespace

TEST_CASE("an untouched log is intact, and extends each checkpoint that was kept [R26]") {
    const auto& [stage, kept] = sealed_log();
    const AuditReport report = stage.verify();
    CHECK(report.intact());
    CHECK(report.sealed == 12);
    CHECK(report.checkpoint == kept.back());
    for (const std::string& line : kept) CHECK(stage.verify(line).since.value() == "extends");
}

TEST_CASE("a changed row is found at its number, in each of its fields [R26]") {
    for (const std::string change : {"detail = 'failures=1'", "user = 'mallory'", "realm = 'other'", "at = at + 1",
                                     "event = 'credential.enrolled'", "method = 'email'", "credential = 'crd_2'",
                                     "nonce = zeroblob(16)", "nonce = x''", "record_hash = zeroblob(31)"}) {
        AuditStage stage(sealed_log().stage);
        stage.change("UPDATE audit SET " + change + " WHERE number = 6");
        const AuditReport report = stage.verify();
        INFO(change);
        CHECK_FALSE(report.intact());
        CHECK(tells(report, 6, "record 6 is not what was sealed"));
    }
}

TEST_CASE("a row changed with its hash does not follow the one before it [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.change("UPDATE audit SET detail = 'x', record_hash = zeroblob(32) WHERE number = 6");
    CHECK(tells(stage.verify(), 6, "record 6 does not follow the one before it"));
}

TEST_CASE("a row changed with the whole chain behind it is found by the next checkpoint [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.change("UPDATE audit SET detail = 'x' WHERE number = 6");
    chain_anew(stage, 6);
    const AuditReport report = stage.verify();
    CHECK(report.break_count == 2);
    CHECK(tells(report, 8, "the checkpoint of 8 records was signed for other records"));
    CHECK(tells(report, 12, "the checkpoint of 12 records was signed for other records"));
}

TEST_CASE("a deleted row is found, at the front, in the middle and at the end [R26]") {
    for (const int number : {1, 6, 8, 12}) {
        AuditStage stage(sealed_log().stage);
        stage.change("DELETE FROM audit WHERE number = " + std::to_string(number));
        INFO(number);
        const AuditReport report = stage.verify();
        CHECK_FALSE(report.intact());
        CHECK(tells(report, number, "record " + std::to_string(number) + " is missing"));
    }
    AuditStage stage(sealed_log().stage);
    stage.change("DELETE FROM audit WHERE number BETWEEN 5 AND 7");
    check_broken(stage, 5, "records 5 to 7 are missing");
}

TEST_CASE("a swapped pair is found, whether rows or numbers were swapped [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.change("UPDATE audit SET number = -1 WHERE number = 6; UPDATE audit SET number = 6 WHERE number = 7; "
                 "UPDATE audit SET number = 7 WHERE number = -1");
    CHECK(tells(stage.verify(), 6, "record 6 does not follow the one before it"));
    AuditStage other(sealed_log().stage);
    other.change("UPDATE audit SET user = CASE number WHEN 6 THEN 'user-7' ELSE 'user-6' END WHERE number IN (6, 7)");
    const AuditReport report = other.verify();
    CHECK(tells(report, 6, "not what was sealed"));
    CHECK(tells(report, 7, "not what was sealed"));
}

TEST_CASE("a row put in is found [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.add_rows(1);
    stage.change("UPDATE audit SET number = 13, record_hash = zeroblob(32), chain_head = zeroblob(32) WHERE number IS NULL");
    const AuditReport report = stage.verify();
    CHECK(tells(report, 13, "record 13 was sealed by no sealer"));
    stage.change("UPDATE audit SET number = 0 WHERE number = 13");
    CHECK(tells(stage.verify(), 0, "record 0 stands where no record can"));
}

TEST_CASE("a tail cut off with all its traces is found by the checkpoint that was kept [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.change("DELETE FROM audit WHERE number > 8");
    CHECK(tells(stage.verify(), 9, "records 9 to 12 are missing"));
    cut_to_eight(stage);
    CHECK(stage.verify().intact());  // the store alone cannot tell: this is why checkpoints are kept elsewhere
    const auto& kept = sealed_log().kept;
    CHECK(stage.verify(kept[1]).since.value() == "extends");
    const AuditReport report = stage.verify(kept[2]);
    CHECK(report.since.value() == "rolled_back");
    CHECK_FALSE(report.intact());
}

TEST_CASE("a chain signed again with another key is found [R26]") {
    AuditStage stage(sealed_log().stage);
    stage.change("UPDATE audit SET detail = 'x' WHERE number = 2; DELETE FROM audit_checkpoint; "
                 "UPDATE audit_chain SET signed_size = 0");
    chain_anew(stage, 1);
    const Secret other = Secret::random(kAuditKeyBytes);
    const auto forged = stage.seal(stage.request(other.bytes())).checkpoint.value();
    check_broken(stage, 12, "the checkpoint of 12 records was not signed by this key");
    const AuditReport report = stage.verify(format_checkpoint(forged));
    CHECK(report.since.value() == "bad_signature");
    CHECK(stage.verify(sealed_log().kept[0]).since.value() == "forked");
}

TEST_CASE("a fork by the holder of the key is found by the checkpoint that was kept [R26]") {
    AuditStage stage(sealed_log().stage);
    cut_to_eight(stage);
    stage.add_rows(4);
    REQUIRE(stage.seal_and_sign().checkpoint.value().checkpoint.size == 12);
    CHECK(stage.verify().intact());
    const auto& kept = sealed_log().kept;
    CHECK(stage.verify(kept[1]).since.value() == "extends");
    CHECK(stage.verify(kept[2]).since.value() == "forked");
    stage.add_rows(3);
    static_cast<void>(stage.seal_and_sign());
    CHECK(stage.verify(kept[2]).since.value() == "forked");
    CHECK_FALSE(stage.verify(kept[2]).intact());
}

TEST_CASE("a checkpoint altered, or of records that never were, is found [R26]") {
    for (const std::string change : {"time = time + 1", "epoch = 2", "signature = zeroblob(64)", "signature = x''",
                                     "head = zeroblob(32)"}) {
        AuditStage stage(sealed_log().stage);
        stage.change("UPDATE audit_checkpoint SET " + change + " WHERE size = 8");
        INFO(change);
        check_broken(stage, 8, "the checkpoint of 8 records was not signed by this key");
    }
    AuditStage stage(sealed_log().stage);
    stage.change("UPDATE audit_checkpoint SET size = 20 WHERE size = 8");
    CHECK(tells(stage.verify(), 13, "records 13 to 20 are missing: a checkpoint covers them"));
}

TEST_CASE("a checkpoint taken away is found, so that no rewritten past is called intact [R26]") {
    AuditStage one(sealed_log().stage);
    one.change("DELETE FROM audit_checkpoint WHERE size = 12");
    check_broken(one, 12, "the checkpoint of 12 records is missing");
    AuditStage all(sealed_log().stage);
    all.change("UPDATE audit SET detail = 'x' WHERE number = 2; DELETE FROM audit_checkpoint");
    chain_anew(all, 1);
    check_broken(all, 12, "the checkpoint of 12 records is missing");
}

TEST_CASE("a restore that lost records is told as rolled back, and as forked once others came [R26] [R17]") {
    AuditStage stage(sealed_log().stage);
    cut_to_eight(stage);
    stage.change("UPDATE state SET epoch = epoch + 1");
    CHECK(stage.verify(sealed_log().kept[2]).since.value() == "rolled_back");
    CHECK(stage.verify(sealed_log().kept[1]).since.value() == "extends_after_restore");
    stage.add_rows(6);
    REQUIRE(stage.seal_and_sign().checkpoint.value().checkpoint.epoch == 2);
    CHECK(stage.verify().intact());
    CHECK(stage.verify(sealed_log().kept[2]).since.value() == "forked");
}

TEST_CASE("of many breaks the first twenty are told and all are counted [R26]") {
    AuditStage stage;
    stage.add_rows(30);
    static_cast<void>(stage.seal_and_sign());
    stage.change("UPDATE audit SET detail = 'x'");
    const AuditReport report = stage.verify();
    CHECK(report.break_count == 30);
    REQUIRE(report.breaks.size() == 20);
    CHECK(report.breaks.front().number == 1);
}
