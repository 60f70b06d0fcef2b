// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/store.h"
#include "store/database.h"
#include "store/binding.h"
#include "store/decide.h"
#include "store/rows.h"
#include "store/schema.h"
#include "temporary_directory.h"

// The deciding statement by itself, clause by clause, past the gate and the queue.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr UnixSeconds kNow{1'800'000'000};
constexpr std::int64_t kStep = 60'000'000;
constexpr UnixSeconds kNoFloor{-86400};

class Table {
  public:
    Table() : database(directory.file("countersign.sqlite"), Role::Writer) {
        REQUIRE(migrate(database).has_value());
        add("default", "ann", "crd_ann", 0);
        add("default", "bob", "crd_bob", 0);
        add("other", "ann", "crd_other", 0);
    }

    void add(const std::string& realm, const std::string& user, const std::string& id, int slot) {
        CredentialRecord row;
        row.realm = realm;
        row.user = user;
        row.id = id;
        row.method = "totp";
        row.status = slot == 0 ? CredentialStatus::Active : CredentialStatus::Pending;
        row.session = "ses_x";
        row.expires_at = UnixSeconds{kNow.value + 600};
        row.key_id = "k";
        row.sealed = {1, 2, 3};
        insert_credential(database, row);
        if (slot != 0) {  // `insert_credential` binds in slot 0 alone
            database.connection().exec("UPDATE credential SET status = 'active', session = NULL, expires_at = NULL, "
                                       "slot = " + std::to_string(slot) + " WHERE credential = '" + id + "'");
        }
    }

    LoginDecision login(const LoginAttempt& attempt, UnixSeconds floor = kNoFloor) {
        WriteTransaction transaction(database);
        const LoginDecision decision = decide_login(database, attempt, floor);
        transaction.commit();
        return decision;
    }

    std::int64_t number(const std::string& sql) { return database.connection().execAndGet(sql).getInt64(); }
    std::int64_t of(const std::string& column, const std::string& id) {
        return number("SELECT " + column + " FROM credential WHERE credential = '" + id + "'");
    }

    TemporaryDirectory directory;
    Database database;
};

LoginAttempt right(const std::string& user = "ann", const std::string& id = "crd_ann", std::int64_t step = kStep) {
    return {"default", user, "totp", true, kNow, {{id, Outcome::Accepted, TimeStep{step}}}};
}

LoginAttempt wrong(UnixSeconds now = kNow) {
    return {"default", "ann", "totp", true, now, {{"crd_ann", Outcome::Rejected, {}}}};
}

}  // namespace

TEST_CASE("a right code is accepted once, and its step and all before it are spent [R8] [L5]") {
    Table table;
    REQUIRE(table.login(right()).accepted);
    CHECK_FALSE(table.login(right()).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_ann", kStep - 1)).accepted);
    CHECK(table.of("last_step", "crd_ann") == kStep);
    CHECK(table.login(right("ann", "crd_ann", kStep + 1)).accepted);
}

TEST_CASE("the statement names realm, user and credential: a row of another is not touched [R8] [R1]") {
    Table table;
    CHECK_FALSE(table.login(right("ann", "crd_bob")).accepted);
    CHECK_FALSE(table.login(right("bob", "crd_ann")).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_other")).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_unheard")).accepted);
    LoginAttempt elsewhere = right();
    elsewhere.realm = "other";
    CHECK_FALSE(table.login(elsewhere).accepted);
    CHECK(table.number("SELECT count(*) FROM credential WHERE last_step <> -1") == 0);
}

TEST_CASE("only an active credential accepts, whatever the hash said before [R8]") {
    Table table;
    table.database.connection().exec("UPDATE credential SET status = 'disabled' WHERE credential = 'crd_ann'");
    CHECK_FALSE(table.login(right()).accepted);
    table.database.connection().exec("DELETE FROM credential WHERE credential = 'crd_bob'");
    CHECK_FALSE(table.login(right("bob", "crd_bob")).accepted);
}

TEST_CASE("the confirming statement names session, life and floor itself, whatever was read before [R8] [R17]") {
    Table table;
    CredentialRecord row;
    row.realm = "default";
    row.user = "eve";
    row.id = "crd_eve";
    row.method = "totp";
    row.session = "ses_eve";
    row.created_at = kNow;
    row.expires_at = UnixSeconds{kNow.value + 600};
    row.key_id = "k";
    row.sealed = {1};
    insert_credential(table.database, row);
    for (const std::string id : {"ses_eve", "ses_other"}) {
        SessionRecord session;
        session.realm = "default";
        session.user = "eve";
        session.id = id;
        session.lookup.fill(static_cast<std::uint8_t>(id[4]));
        session.created_at = UnixSeconds{kNow.value + 1};  // after the floor that the pending row is not after
        session.expires_at = UnixSeconds{kNow.value + 900};
        insert_session(table.database, session);
    }
    const auto confirm = [&](const std::string& session, std::int64_t now, std::int64_t floor, std::int64_t step) {
        WriteTransaction transaction(table.database);
        const ConfirmAttempt attempt{"default", "eve", "totp", "crd_eve", session, UnixSeconds{now},
                                     Outcome::Accepted, TimeStep{step}};
        const ConfirmDecision decision = decide_confirm(table.database, attempt, UnixSeconds{floor});
        transaction.commit();
        return decision.result;
    };
    const std::int64_t now = kNow.value;
    CHECK(confirm("ses_other", now, now - 1, kStep) == ConfirmResult::Gone);
    CHECK(confirm("ses_eve", now + 600, now - 1, kStep) == ConfirmResult::Gone);   // its ten minutes are over
    CHECK(confirm("ses_eve", now, now, kStep + 1) == ConfirmResult::Gone);         // it was made before the floor
    CHECK(confirm("ses_eve", now, now - 1, kStep - 1) == ConfirmResult::Gone);     // the step is
    CHECK(confirm("ses_eve", now, now - 1, kStep) == ConfirmResult::Activated);
}

TEST_CASE("a step up to the floor is refused, the one after it accepted [R17] [R8]") {
    Table table;
    CHECK_FALSE(table.login(right(), kNow).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_ann", kStep - 1), kNow).accepted);
    CHECK(table.login(right("ann", "crd_ann", kStep + 1), kNow).accepted);
}

TEST_CASE("steps at the ends of time are compared without overflow [L20]") {
    Table table;
    CHECK(table.login(right("ann", "crd_ann", 0)).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_ann", 0)).accepted);
    CHECK(table.login(right("ann", "crd_ann", 4294967296)).accepted);
    CHECK(table.login(right("ann", "crd_ann", kMaxUnixSeconds)).accepted);
    CHECK_FALSE(table.login(right("ann", "crd_ann", kMaxUnixSeconds)).accepted);
}

TEST_CASE("a pause begins with the 5th failure in a row and doubles from 30 s to 1 h [R9]") {
    Table table;
    UnixSeconds now = kNow;
    for (int i = 1; i <= 4; ++i) CHECK(table.login(wrong(now)).retry_after_seconds == 0);
    for (const int pause : {30, 60, 120, 240, 480, 960, 1920, 3600, 3600}) {
        CHECK(table.login(wrong(now)).retry_after_seconds == pause);
        now.value += pause;
    }
    CHECK(table.of("failures", "crd_ann") == 13);
    CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.locked'") == 9);
}

TEST_CASE("during a pause nothing is counted and nothing accepted, and the wait is told [R9]") {
    Table table;
    for (int i = 0; i < 5; ++i) static_cast<void>(table.login(wrong()));
    const LoginDecision counted = table.login(wrong());
    const LoginDecision matched = table.login(right());
    CHECK(counted.retry_after_seconds == 30);
    CHECK_FALSE(matched.accepted);
    CHECK(matched.retry_after_seconds == 30);
    CHECK(table.of("failures", "crd_ann") == 5);
    LoginAttempt later = right();
    later.now.value += 30;
    CHECK(table.login(later).accepted);
}

TEST_CASE("two attempts that read the same count are both counted [L3] [R9]") {
    Table table;
    for (int i = 0; i < 3; ++i) static_cast<void>(table.login(wrong()));
    const LoginAttempt first = wrong();  // both built from one reading of the row
    const LoginAttempt second = wrong();
    CHECK(table.login(first).retry_after_seconds == 0);
    CHECK(table.login(second).retry_after_seconds == 30);
    CHECK(table.of("failures", "crd_ann") == 5);
}

TEST_CASE("of two that both read four failures the first begins the pause and the second meets it [L3] [R9]") {
    Table table;
    for (int i = 0; i < 4; ++i) static_cast<void>(table.login(wrong()));
    const LoginAttempt guess = wrong();
    const LoginAttempt lucky = right();
    CHECK(table.login(guess).retry_after_seconds == 30);
    CHECK_FALSE(table.login(lucky).accepted);
    CHECK(table.of("failures", "crd_ann") == 5);
}

TEST_CASE("a success clears the failures in a row of its own credential only [R13] [L10]") {
    Table table;
    table.add("default", "ann", "crd_second", 1);
    LoginAttempt both = wrong();
    both.checked.push_back({"crd_second", Outcome::Rejected, {}});
    static_cast<void>(table.login(both));
    REQUIRE(table.login(right()).accepted);
    CHECK(table.of("failures", "crd_ann") == 0);
    CHECK(table.of("window_failures", "crd_ann") == 1);
    CHECK(table.of("failures", "crd_second") == 1);
    CHECK(table.of("failures", "crd_bob") == 0);
}

TEST_CASE("a wrong code counts once on every active credential of the method [R9d]") {
    Table table;
    table.add("default", "ann", "crd_second", 1);
    LoginAttempt both = wrong();
    both.checked.push_back({"crd_second", Outcome::Rejected, {}});
    static_cast<void>(table.login(both));
    CHECK(table.of("failures", "crd_ann") == 1);
    CHECK(table.of("failures", "crd_second") == 1);
    CHECK(table.of("failures", "crd_bob") == 0);
}

TEST_CASE("a code of a used step is refused and counts on none [R9d]") {
    Table table;
    table.add("default", "ann", "crd_second", 1);
    REQUIRE(table.login(right()).accepted);
    LoginAttempt again = wrong();
    again.checked[0] = {"crd_ann", Outcome::Replayed, TimeStep{kStep}};
    again.checked.push_back({"crd_second", Outcome::Rejected, {}});
    const LoginDecision decision = table.login(again);
    CHECK_FALSE(decision.accepted);
    CHECK(decision.retry_after_seconds == 0);
    CHECK(table.of("failures", "crd_ann") == 0);
    CHECK(table.of("failures", "crd_second") == 0);
}

TEST_CASE("a code that fits the second authenticator is accepted on it alone [R9d]") {
    Table table;
    table.add("default", "ann", "crd_second", 1);
    LoginAttempt attempt = wrong();
    attempt.checked.push_back({"crd_second", Outcome::Accepted, TimeStep{kStep}});
    CHECK(table.login(attempt).accepted);
    CHECK(table.of("last_step", "crd_second") == kStep);
    CHECK(table.of("last_step", "crd_ann") == -1);
    CHECK(table.of("failures", "crd_ann") == 0);
}

TEST_CASE("at 50 failures in 30 days the owner is told, at 100 the failing statement disables [R13]") {
    Table table;
    UnixSeconds now = kNow;
    for (int i = 1; i <= 99; ++i) {
        const LoginDecision decision = table.login(wrong(now));
        REQUIRE_FALSE(decision.disabled);
        now.value += decision.retry_after_seconds;
        CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.many_failures'") == (i >= 50));
    }
    CHECK(table.login(wrong(now)).disabled);
    CHECK(table.number("SELECT count(*) FROM credential WHERE status = 'disabled'") == 1);
    CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.disabled'") == 1);
    now.value += 86400;
    LoginAttempt late = right();
    late.now = now;
    CHECK_FALSE(table.login(late).accepted);
}

TEST_CASE("the 100th failure in a row disables, however the windows of 30 days fall [R9] [R13] [R14]") {
    Table table;
    UnixSeconds now = kNow;
    LoginAttempt unknown = wrong();
    unknown.user = "0123456789abcdef";
    unknown.known = false;
    const auto fail_both = [&] {
        unknown.now = now;
        const LoginDecision theirs = table.login(unknown);
        const LoginDecision ours = table.login(wrong(now));
        CHECK(theirs.disabled == ours.disabled);
        CHECK(theirs.retry_after_seconds == ours.retry_after_seconds);
        now.value += ours.retry_after_seconds;
        return ours.disabled;
    };
    for (int i = 1; i <= 60; ++i) REQUIRE_FALSE(fail_both());
    now.value += 2592000;
    for (int i = 61; i <= 99; ++i) REQUIRE_FALSE(fail_both());
    CHECK(table.of("window_failures", "crd_ann") == 39);
    CHECK(fail_both());
    CHECK(table.of("status = 'disabled'", "crd_ann") == 1);
    CHECK(table.number("SELECT status = 'disabled' FROM unknown_user") == 1);
    CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.disabled'") == 2);
}

TEST_CASE("a success begins the count of failures in a row anew, so that none disables [R13]") {
    Table table;
    UnixSeconds now = kNow;
    for (int i = 1; i <= 120; ++i) {
        if (i == 60) now.value += 2592000;
        if (i == 80) {
            LoginAttempt owner = right();
            owner.now = now;
            REQUIRE(table.login(owner).accepted);
        }
        const LoginDecision decision = table.login(wrong(now));
        REQUIRE_FALSE(decision.disabled);
        now.value += decision.retry_after_seconds;
    }
    CHECK(table.of("failures", "crd_ann") == 41);
}

TEST_CASE("the 30-day window is not cleared by success and begins anew after 30 days [R13]") {
    Table table;
    static_cast<void>(table.login(wrong()));
    REQUIRE(table.login(right()).accepted);
    static_cast<void>(table.login(wrong({kNow.value + 2591999})));
    CHECK(table.of("window_failures", "crd_ann") == 2);
    static_cast<void>(table.login(wrong({kNow.value + 2592000})));
    CHECK(table.of("window_failures", "crd_ann") == 1);
    CHECK(table.of("window_start", "crd_ann") == kNow.value + 2592000);
}

TEST_CASE("a success is a counter and a time in the row, not an event [R9c]") {
    Table table;
    REQUIRE(table.login(right()).accepted);
    CHECK(table.of("successes", "crd_ann") == 1);
    CHECK(table.of("last_used_at", "crd_ann") == kNow.value);
    CHECK(table.number("SELECT count(*) FROM audit") == 0);
}

TEST_CASE("nobody known and somebody known meet the same pauses and the same end [R14]") {
    Table table;
    UnixSeconds now = kNow;
    for (int i = 1; i <= 101; ++i) {
        LoginAttempt unknown = wrong(now);
        unknown.user = "0123456789abcdef";
        unknown.known = false;
        const LoginDecision theirs = table.login(unknown);
        const LoginDecision ours = table.login(wrong(now));
        CHECK(theirs.retry_after_seconds == ours.retry_after_seconds);
        CHECK(theirs.accepted == ours.accepted);
        CHECK(theirs.disabled == ours.disabled);
        now.value += ours.retry_after_seconds;
    }
    CHECK(table.number("SELECT window_failures FROM unknown_user") == 100);
}

TEST_CASE("pauses and the end follow the numbers of the policy, for known and unknown users alike [R9] [R13] [R14] [A10]") {
    Table table;
    UnixSeconds now = kNow;
    LoginAttempt ours = wrong();
    ours.counting = {.pause_from_failure = 2, .pause_start_seconds = 3600, .pause_cap_seconds = 86400, .notice_at = 10, .disable_at = 20};
    LoginAttempt theirs = ours;
    theirs.user = "0123456789abcdef";
    theirs.known = false;
    for (int i = 1; i <= 20; ++i) {
        ours.now = theirs.now = now;
        const LoginDecision decision = table.login(ours);
        const LoginDecision hidden = table.login(theirs);
        const int pause = i < 2 ? 0 : std::min(86400, 3600 << (i - 2));
        CHECK(decision.retry_after_seconds == pause);
        CHECK(hidden.retry_after_seconds == pause);
        CHECK(decision.locked == (i >= 2));
        CHECK(hidden.locked == (i >= 2));
        CHECK(decision.disabled == (i == 20));
        CHECK(hidden.disabled == (i == 20));
        CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.many_failures'") == (i >= 10 ? 2 : 0));
        now.value += pause;
    }
}

TEST_CASE("a policy whose first failure begins the pause pauses on it, on a row and where there is none yet [R9] [R14]") {
    Table table;
    LoginAttempt ours = wrong();
    ours.counting.pause_from_failure = 1;
    LoginAttempt theirs = ours;
    theirs.user = "0123456789abcdef";
    theirs.known = false;
    CHECK(table.login(ours).retry_after_seconds == 30);
    CHECK(table.login(theirs).retry_after_seconds == 30);
}
