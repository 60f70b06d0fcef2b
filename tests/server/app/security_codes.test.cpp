// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <atomic>
#include <future>

#include "app/backup_codes.h"
#include "app/stretch_pool.h"
#include "countersign/security_codes.h"
#include "failing_vfs.h"
#include "http/policy_codec.h"
#include "stage.h"
#include "store/code_sets.h"
#include "store/decide_code.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/schema.h"

// The deciding statements on a security code by themselves, clause by clause; then what time, a failing disk and
// a hundred failures do to a whole service.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr UnixSeconds kNow{1'800'000'000};
constexpr UnixSeconds kNoFloor{-86400};

Digest digest(std::uint8_t value) {
    Digest made{};
    made.fill(value);
    return made;
}

/// Ann with an authenticator, static codes 1 to 3 and a backup code 9, good for an hour.
class CodeTable {
  public:
    CodeTable() : database(directory.file("countersign.sqlite"), Role::Writer) {
        REQUIRE(migrate(database).has_value());
        WriteTransaction transaction(database);
        CredentialRecord totp;
        totp.realm = "default";
        totp.user = "ann";
        totp.id = "crd_totp";
        totp.method = "totp";
        totp.status = CredentialStatus::Active;
        totp.key_id = "k";
        totp.sealed = {1};
        insert_credential(database, totp);
        SessionRecord session;
        session.realm = "default";
        session.user = "ann";
        session.id = "ses_ann";
        session.purpose = "manage";
        session.created_at = kNow;
        session.expires_at = UnixSeconds{kNow.value + 900};
        insert_session(database, session);
        database.connection().exec("UPDATE session SET elevated_until = 1800000600");
        const std::vector<Digest> codes{digest(1), digest(2), digest(3)};
        REQUIRE(replace_codes(database, {"default", "ann", "ses_ann", "crd_set", "k", kNow, 0, codes}, kNoFloor) ==
                ChangeResult::Done);
        REQUIRE(issue_backup_code(database, {"default", "ann", "crd_backup", "k", kNow, {kNow.value + 3600}, 0, digest(9),
                                             "ann", "test"}) == ChangeResult::Done);
        transaction.commit();
    }

    LoginDecision decide(const SecurityCodeAttempt& attempt, UnixSeconds floor = kNoFloor,
                                CountOnly only = CountOnly::No) {
        WriteTransaction transaction(database);
        const LoginDecision decision = decide_security_code(database, attempt, floor, only);
        transaction.commit();
        return decision;
    }
    bool accepts(const SecurityCodeAttempt& attempt) { return decide(attempt).accepted; }
    std::int64_t number(const std::string& sql) { return database.connection().execAndGet(sql).getInt64(); }
    std::int64_t failures(const std::string& id) {
        return number("SELECT failures FROM credential WHERE credential = '" + id + "'");
    }
    std::int64_t used() { return number("SELECT count(*) FROM security_code WHERE used_at IS NOT NULL"); }

    TemporaryDirectory directory;
    Database database;
};

SecurityCodeAttempt attempt_of(std::uint8_t code) {
    SecurityCodeAttempt attempt;
    attempt.realm = "default";
    attempt.user = "ann";
    attempt.hidden_user = "hidden";
    attempt.now = kNow;
    attempt.digest = digest(code);
    attempt.allowed = {true, true};
    return attempt;
}

void allow_both(Stage& stage) {
    Policy policy;
    policy.security_codes.enabled = true;
    policy.security_codes.kind = CodeKind::Both;
    auto policies = Policies::open(stage.data, json_policy_form(), stage.clock);
    REQUIRE((*policies)->save("default", policy, "test", {}).has_value());
}

std::string issue(Stage& stage, const std::string& user, int hours) {
    auto desk = BackupCodes::open(stage.data, stage.key_file, json_policy_form(), stage.clock);
    auto issued = (*desk)->issue({"default", user, "test", "lost phone", hours});
    REQUIRE(issued.has_value());
    return std::string(issued->code.text());
}

Answer<VerifyAnswer> verify(Stage& stage, const std::string& user, const std::string& code) {
    return await<VerifyAnswer>([&](Reply<VerifyAnswer> reply) {
        stage.service->verify(stage.caller, {user, "security_code", Secret(std::string_view(code))}, std::move(reply));
    });
}

}  // namespace

TEST_CASE("each clause of the statement on a code is needed: user, realm, kind, time, use, set, gate, floor [R8] [R9] [L2]") {
    const auto refuses = [](const std::string& change, auto alter, std::uint8_t code = 1, UnixSeconds floor = kNoFloor) {
        CodeTable table;
        if (!change.empty()) table.database.connection().exec(change);
        SecurityCodeAttempt attempt = attempt_of(code);
        alter(attempt);
        const auto decision = table.decide(attempt, floor);
        CHECK_FALSE(decision.accepted);
        CHECK(table.number("SELECT sum(successes) FROM credential") == 0);
        CHECK(table.number("SELECT count(*) FROM security_code WHERE used_at = 1800000000") == 0);
    };
    const auto as_is = [](SecurityCodeAttempt&) {};
    CHECK(CodeTable().accepts(attempt_of(1)));
    CHECK(CodeTable().accepts(attempt_of(9)));
    refuses("", [](SecurityCodeAttempt& a) { a.user = "ben"; });
    refuses("INSERT INTO realm (realm, created_at) VALUES ('other', 0)", [](SecurityCodeAttempt& a) { a.realm = "other"; });
    refuses("", [](SecurityCodeAttempt& a) { a.digest = digest(4); });
    refuses("", [](SecurityCodeAttempt& a) { a.allowed = {false, true}; });
    refuses("", [](SecurityCodeAttempt& a) { a.allowed = {true, false}; }, 9);
    refuses("", [](SecurityCodeAttempt& a) { a.now = UnixSeconds{kNow.value + 3600}; }, 9);
    refuses("", [](SecurityCodeAttempt& a) { a.policy_version = 1; });
    refuses("UPDATE security_code SET used_at = 5", as_is);
    refuses("UPDATE security_code SET credential = 'crd_backup' WHERE credential = 'crd_set'", as_is);
    refuses("UPDATE security_code SET kind = 'backup_code'", as_is);
    refuses("UPDATE credential SET status = 'disabled' WHERE credential = 'crd_set'", as_is);
    refuses("UPDATE credential SET not_before = 1800000001 WHERE credential = 'crd_set'", as_is);
    refuses("", as_is, 1, kNow);
}

TEST_CASE("a code is accepted once; a refusal burns nothing, and counts once on each active set [R9d] [R13] [L2] [L18]") {
    CodeTable table;
    CHECK(table.accepts(attempt_of(1)));
    CHECK(table.used() == 1);
    CHECK_FALSE(table.accepts(attempt_of(1)));
    CHECK((table.failures("crd_set") == 1 && table.failures("crd_backup") == 1));
    CHECK_FALSE(table.accepts(attempt_of(7)));
    CHECK((table.failures("crd_set") == 2 && table.failures("crd_backup") == 2));
    CHECK(table.failures("crd_totp") == 0);
    CHECK(table.accepts(attempt_of(2)));
    CHECK((table.failures("crd_set") == 0 && table.failures("crd_backup") == 2));
    CHECK(table.used() == 2);
    SecurityCodeAttempt malformed = attempt_of(0);
    malformed.digest.reset();
    CHECK_FALSE(table.accepts(malformed));
    CHECK((table.failures("crd_set") == 0 && table.failures("crd_backup") == 2));
}

TEST_CASE("who has no codes is counted on a row of his own, known or not [R14]") {
    CodeTable table;
    SecurityCodeAttempt attempt = attempt_of(1);
    attempt.user = "nobody";
    for (int i = 1; i <= 5; ++i) {
        const auto decision = table.decide(attempt);
        CHECK_FALSE(decision.accepted);
        CHECK(decision.retry_after_seconds == (i < 5 ? 0 : 30));
        CHECK(decision.locked == (i == 5));
    }
    CHECK(table.number("SELECT failures FROM unknown_user WHERE user = 'hidden' AND method = 'security_code'") == 5);
    CHECK((table.failures("crd_set") == 0 && table.failures("crd_backup") == 0));
}

TEST_CASE("another policy in force than the one judged by: nothing is used and nothing counted [R11]") {
    CodeTable table;
    {
        WriteTransaction transaction(table.database);
        REQUIRE(insert_policy(table.database, {"default", "{}", "ann", kNow, {}}).has_value());
        transaction.commit();
    }
    for (const std::uint8_t code : std::initializer_list<std::uint8_t>{1, 7, 9}) {
        const auto decision = table.decide(attempt_of(code));
        CHECK(decision.judge_again);
        CHECK_FALSE(decision.accepted);
    }
    CHECK((table.used() == 0 && table.failures("crd_set") == 0));
    SecurityCodeAttempt again = attempt_of(1);
    again.policy_version = 1;
    CHECK(table.accepts(again));
}

TEST_CASE("the count that is repeated after a failed write spares who had a right code [R10]") {
    CodeTable table;
    CHECK_FALSE(table.decide(attempt_of(1), kNoFloor, CountOnly::Yes).accepted);
    CHECK((table.used() == 0 && table.failures("crd_set") == 0));
    CHECK_FALSE(table.decide(attempt_of(7), kNoFloor, CountOnly::Yes).accepted);
    CHECK((table.failures("crd_set") == 1 && table.failures("crd_backup") == 1));
}

TEST_CASE("a renewed set is whole and new: an old code in it, used or not, refuses it and leaves all as it was [L13] [U9]") {
    CodeTable table;
    CHECK(table.accepts(attempt_of(1)));
    for (const std::uint8_t repeated : std::initializer_list<std::uint8_t>{1, 2, 9}) {
        WriteTransaction transaction(table.database);
        CHECK(replace_codes(table.database, {"default", "ann", "ses_ann", "crd_new", "k", kNow, 0,
                                             {digest(20), digest(21), digest(repeated)}}, kNoFloor) == ChangeResult::Repeated);
        transaction.commit();
        CHECK(table.number("SELECT count(*) FROM security_code") == 4);
        CHECK(table.number("SELECT count(*) FROM credential WHERE credential = 'crd_new'") == 0);
    }
    CHECK(table.accepts(attempt_of(2)));
}

TEST_CASE("an administrator's code ends with its time and is void with the next one [A8] [R3]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    allow_both(stage);
    const std::string code = issue(stage, "ann", 2);
    stage.clock->pass(2 * 3600);
    CHECK_FALSE(verify(stage, "ann", code).value().ok);
    const std::string next = issue(stage, "ann", 2);
    stage.clock->pass(2 * 3600 - 1);
    CHECK_FALSE(verify(stage, "ann", code).value().ok);
    CHECK(verify(stage, "ann", next).value().ok);
    CHECK_FALSE(verify(stage, "ann", next).value().ok);
}

TEST_CASE("what a recovery has bound is held back as the recovery is, for the policy's 24 hours and no longer [R2]") {
    Stage stage;
    const Enrolled old = stage.enroll("ann");
    allow_both(stage);
    const SessionCaller session = stage.open_session("ann");
    const std::string code = issue(stage, "ann", 1);
    const auto elevated = await<ElevateAnswer>([&](Reply<ElevateAnswer> reply) {
        stage.service->elevate(session, {"security_code", Secret(std::string_view(code))}, std::move(reply));
    });
    REQUIRE(elevated.value().ok);
    const Enrolled bound = stage.enroll(session);
    const auto remove_old = [&] {
        const SessionCaller next = stage.open_session("ann");
        REQUIRE(stage.elevate(next, stage.code(bound.seed)).value().ok);
        return stage.remove(next, old.credential);
    };
    stage.clock->pass(60);
    CHECK(remove_old().error().code == ServerErrorCode::AuthRecoveryOnly);
    stage.clock->pass(24 * 3600 - 90);
    CHECK(remove_old().error().code == ServerErrorCode::AuthRecoveryOnly);
    stage.clock->pass(30);
    CHECK(remove_old().has_value());
}

TEST_CASE("the hundredth failure in 30 days disables the codes, and the administrator's next one opens them again [R13] [R3]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    allow_both(stage);
    const std::string code = issue(stage, "ann", 168);
    stage.change("UPDATE credential SET window_failures = 99, window_start = 1800000000 WHERE method = 'backup_code'");
    stage.change("INSERT INTO credential (realm, user, credential, method, status, slot, last_step, failures, not_before, "
                 "window_start, window_failures, successes, algorithm, digits, period, key_id, sealed, created_at) "
                 "VALUES ('default', 'ann', 'crd_static', 'static_codes', 'disabled', 0, -1, 7, 1900000000, 1800000000, 100, "
                 "0, 'SHA1', 6, 30, 'k', x'00', 1800000000)");
    CHECK_FALSE(verify(stage, "ann", std::string(make_security_code().text())).value().ok);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE status = 'disabled'") == 2);
    CHECK_FALSE(verify(stage, "ann", code).value().ok);
    const std::string next = issue(stage, "ann", 168);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE status = 'disabled'") == 0);
    CHECK(stage.number("SELECT window_failures + failures + not_before FROM credential WHERE method = 'static_codes'") == 0);
    CHECK(verify(stage, "ann", next).value().ok);
    CHECK(stage.log->text().find("credential.disabled") != std::string::npos);
    CHECK(stage.log->text().find(code) == std::string::npos);
}

TEST_CASE("a policy that cannot be read lets nobody in [R11] [L19]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    allow_both(stage);
    const std::string code = issue(stage, "ann", 24);
    stage.change("UPDATE policy SET document = '{}'");
    const auto answer = verify(stage, "ann", code);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ServerErrorCode::ServerUnavailable);
    CHECK(stage.number("SELECT count(*) FROM security_code WHERE used_at IS NOT NULL") == 0);
}

TEST_CASE("no security code is accepted whose use did not reach the disk, and none is burnt by that [L19] [L18] [R10]") {
    FailingVfs::install();
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    allow_both(stage);
    for (const auto fault : {FailingVfs::Fault::Full, FailingVfs::Fault::WriteError, FailingVfs::Fault::SyncError}) {
        std::string code = issue(stage, "ann", 168);
        bool accepted = false;
        int refused = 0;
        for (int good = 0; good < 60 && !accepted; ++good) {
            FailingVfs::fail_after(good, fault);
            const auto answer = verify(stage, "ann", code);
            FailingVfs::heal();
            accepted = answer && answer->ok;
            if (accepted) break;
            ++refused;
            REQUIRE_FALSE(answer);
            CHECK(answer.error().code == ServerErrorCode::ServerUnavailable);
            CHECK(stage.number("SELECT sum(failures) FROM credential") == 0);
            CHECK(verify(stage, "ann", code).value().ok);  // it was not burnt
            code = issue(stage, "ann", 168);
            stage.clock->pass(2);  // of the user's allowance
        }
        CHECK((refused > 0 && accepted));
        CHECK_FALSE(verify(stage, "ann", code).value().ok);
        stage.change("UPDATE credential SET failures = 0, not_before = 0");
    }
}

TEST_CASE("of one user's codes so many are stretched, then one a second, paused or not, known or not [R14] [L21]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    allow_both(stage);
    static_cast<void>(issue(stage, "ann", 1));
    const auto is_stretched = [&](const std::string& user) {
        const auto answer = verify(stage, user, std::string(make_security_code().text()));
        CHECK((answer.has_value() || answer.error().code == ServerErrorCode::AdmissionBusy));
        return answer.has_value();
    };
    for (const std::string user : {"ann", "nobody"}) {
        for (int i = 0; i < 20; ++i) CHECK(is_stretched(user));
        CHECK_FALSE(is_stretched(user));
        CHECK(verify(stage, user, "0000-0000-0000-0001").has_value());  // what is no code costs nothing
        stage.clock->pass(1);
        CHECK(is_stretched(user));
        CHECK_FALSE(is_stretched(user));
    }
    CHECK(is_stretched("ben"));
    stage.clock->pass(60);
    CHECK(verify(stage, "ann", issue(stage, "ann", 1)).value().ok);
}

TEST_CASE("the pool takes what fits in its line, turns the rest away, and finishes what it has taken [R14] [L21]") {
    std::atomic<int> done{0};
    std::promise<void> open;
    const std::shared_future<void> gate = open.get_future().share();
    std::size_t taken = 0;
    {
        StretchPool pool;
        for (int i = 0; i < 100; ++i) {
            const bool in_line = pool.submit([&done, gate]() -> StretchPool::After {
                gate.wait();
                return [&done] { ++done; };
            });
            taken += in_line ? 1U : 0U;
        }
        CHECK(taken >= StretchPool::kMostWaiting);
        CHECK(taken <= StretchPool::kMostWaiting + StretchPool::kThreads);
        open.set_value();
        pool.stop();
        CHECK_FALSE(pool.submit([&done]() -> StretchPool::After { return [&done] { ++done; }; }));
    }
    CHECK(static_cast<std::size_t>(done) == taken);
}

TEST_CASE("what the pool was given to stretch is gone before anything can answer for it [R14] [R21]") {
    std::promise<bool> gone;
    auto code = std::make_shared<Secret>("K7QF2M9XTRB4V3HF");
    const std::weak_ptr<Secret> seen = code;
    StretchPool pool;
    REQUIRE(pool.submit([code = std::move(code), seen, &gone]() -> StretchPool::After {
        return [seen, &gone, there = code->size()] { gone.set_value(there == 16 && seen.expired()); };
    }));
    CHECK(gone.get_future().get());
}
