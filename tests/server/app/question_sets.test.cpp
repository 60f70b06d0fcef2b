// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/kba.h"
#include "app/question_catalog.h"
#include "app/question_set.h"
#include "app/store.h"
#include "app/text_rules.h"
#include "store/database.h"
#include "store/question_sets.h"
#include "store/rows.h"
#include "store/schema.h"
#include "temporary_directory.h"

// Security questions at the store: each clause of the statement on answers, past the stretching and the queue.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr UnixSeconds kNow{1'800'000'000};
constexpr UnixSeconds kNoFloor{-86400};

Digest digest_of(std::uint8_t seed) {
    Digest digest{};
    digest.fill(seed);
    return digest;
}

class SetTable {
  public:
    SetTable() : database(directory.file("countersign.sqlite"), Role::Writer) {
        REQUIRE(migrate(database).has_value());
        for (const std::string user : {"ann", "bob"}) {
            CredentialRecord totp;
            totp.realm = "default";
            totp.user = user;
            totp.id = "crd_totp_" + user;
            totp.method = "totp";
            totp.status = CredentialStatus::Active;
            totp.key_id = "k";
            totp.sealed = {1};
            insert_credential(database, totp);
            SessionRecord session;
            session.realm = "default";
            session.user = user;
            session.id = "ses_" + user;
            session.purpose = "manage";
            session.lookup.fill(static_cast<std::uint8_t>(user[0]));
            session.created_at = kNow;
            session.expires_at = UnixSeconds{kNow.value + 900};
            session.elevated_until = UnixSeconds{kNow.value + 600};
            insert_session(database, session);
        }
    }

    ChangeResult replace(const QuestionSetChange& change) {
        WriteTransaction transaction(database);
        const ChangeResult result = replace_questions(database, change, kNoFloor);
        transaction.commit();
        return result;
    }

    LoginDecision answer(const AnswerAttempt& attempt, UnixSeconds floor = kNoFloor, CountOnly only = CountOnly::No) {
        WriteTransaction transaction(database);
        const LoginDecision decision = decide_answers(database, attempt, floor, only);
        transaction.commit();
        return decision;
    }

    std::int64_t number(const std::string& sql) { return database.connection().execAndGet(sql).getInt64(); }
    std::int64_t of(const std::string& column) {
        return number("SELECT " + column + " FROM credential WHERE user = 'ann' AND method = 'kba'");
    }
    void change(const std::string& sql) { database.connection().exec(sql); }

    TemporaryDirectory directory;
    Database database;
};

QuestionSetChange set_of(const std::string& user = "ann", std::uint8_t seed = 1) {
    return {"default", user, "ses_" + user, "crd_set_" + user, "k", {1, 2}, digest_of(seed), 3, kNow, 0};
}

AnswerAttempt attempt_of(std::uint8_t seed = 1) {
    return {"default", "ann", "hidden", "crd_set_ann", digest_of(seed), kNow, 0, {}, {}};
}

}  // namespace

TEST_CASE("each clause of the statement on answers is needed: realm, user, set, digest, status, uses, gate, floor [R8] [R9] [R24]") {
    const auto refused = [](const std::string& sql, const AnswerAttempt& attempt, UnixSeconds floor = kNoFloor) {
        SetTable table;
        REQUIRE(table.replace(set_of()) == ChangeResult::Done);
        REQUIRE(table.replace(set_of("bob", 2)) == ChangeResult::Done);
        if (!sql.empty()) table.change(sql);
        return !table.answer(attempt, floor).accepted && table.number("SELECT sum(uses) FROM credential WHERE uses < 3") == 0;
    };
    CHECK_FALSE(refused("", attempt_of()));
    CHECK(refused("", attempt_of(2)));
    AnswerAttempt other = attempt_of();
    other.user = "bob";
    CHECK(refused("", other));
    other = attempt_of();
    other.realm = "elsewhere";
    CHECK(refused("INSERT INTO realm VALUES ('elsewhere', 0, 0)", other));
    other = attempt_of();
    other.credential = "crd_set_bob";
    CHECK(refused("", other));
    CHECK(refused("UPDATE credential SET status = 'disabled' WHERE method = 'kba'", attempt_of()));
    CHECK(refused("UPDATE credential SET uses = 3 WHERE method = 'kba'", attempt_of()));
    CHECK(refused("UPDATE credential SET not_before = 1800000001 WHERE method = 'kba'", attempt_of()));
    CHECK(refused("", attempt_of(), kNow));
}

TEST_CASE("answers of a set that was replaced meanwhile count on the one that stands, and open nothing [R8] [R24]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    QuestionSetChange renewed = set_of("ann", 7);
    renewed.credential = "crd_renewed";
    REQUIRE(table.replace(renewed) == ChangeResult::Done);
    CHECK(table.number("SELECT count(*) FROM credential WHERE method = 'kba'") == 1);
    CHECK_FALSE(table.answer(attempt_of()).accepted);
    CHECK(table.of("failures") == 1);
    CHECK(table.of("uses") == 0);
}

TEST_CASE("three uses and no more; one while a second factor is disabled is the last [R24]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    for (int i = 1; i <= 3; ++i) {
        CHECK(table.answer(attempt_of()).accepted);
        CHECK(table.of("uses") == i);
    }
    CHECK_FALSE(table.answer(attempt_of()).accepted);
    CHECK(table.of("uses") == 3);
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    table.change("UPDATE credential SET status = 'disabled' WHERE credential = 'crd_totp_ann'");
    CHECK(table.answer(attempt_of()).accepted);
    CHECK(table.of("uses") == 3);
}

TEST_CASE("a use clears the failures in a row and not those within 30 days; the policy's numbers pause [R13] [R9] [A10]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    AnswerAttempt wrong = attempt_of(9);
    wrong.counting.pause_from_failure = 2;
    CHECK(table.answer(wrong).retry_after_seconds == 0);
    REQUIRE(table.answer(attempt_of()).accepted);
    CHECK(table.of("failures") == 0);
    CHECK(table.of("window_failures") == 1);
    CHECK(table.answer(wrong).retry_after_seconds == 0);
    const LoginDecision second = table.answer(wrong);
    CHECK(second.retry_after_seconds == 30);
    CHECK(second.locked);
}

TEST_CASE("who has no questions is counted on a row of his own, as who has [R14]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    AnswerAttempt nobody = attempt_of(9);
    nobody.user = "nobody";
    nobody.credential = "";
    for (int i = 1; i <= 6; ++i) {
        const LoginDecision known = table.answer(attempt_of(9));
        const LoginDecision unknown = table.answer(nobody);
        CHECK(known.retry_after_seconds == unknown.retry_after_seconds);
        CHECK(known.locked == unknown.locked);
    }
    CHECK(table.number("SELECT failures FROM unknown_user WHERE user = 'hidden' AND method = 'kba'") == 5);
}

TEST_CASE("another policy than the one judged by: nothing is used, counted or saved [R11]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    AnswerAttempt stale = attempt_of();
    stale.policy_version = 4;
    CHECK(table.answer(stale).judge_again);
    stale.digest = digest_of(9);
    CHECK(table.answer(stale).judge_again);
    CHECK(table.of("failures + uses") == 0);
    QuestionSetChange change = set_of();
    change.policy_version = 4;
    CHECK(table.replace(change) == ChangeResult::PolicyChanged);
}

TEST_CASE("the count that is repeated after a failed write spares who was right [R10]") {
    SetTable table;
    REQUIRE(table.replace(set_of()) == ChangeResult::Done);
    CHECK_FALSE(table.answer(attempt_of(), kNoFloor, CountOnly::Yes).accepted);
    CHECK(table.of("failures + uses") == 0);
    static_cast<void>(table.answer(attempt_of(9), kNoFloor, CountOnly::Yes));
    CHECK(table.of("failures") == 1);
    CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.locked'") == 0);
}

TEST_CASE("a set needs an elevated session, no recovery and an active second factor; other sessions lose theirs [R2] [R6]") {
    SetTable table;
    table.change("UPDATE session SET recovery = 1 WHERE user = 'ann'");
    CHECK(table.replace(set_of()) == ChangeResult::RecoveryOnly);
    table.change("UPDATE session SET recovery = 0, elevated_until = 0 WHERE user = 'ann'");
    CHECK(table.replace(set_of()) == ChangeResult::StepUpRequired);
    table.change("UPDATE session SET elevated_until = 1800000600 WHERE user = 'ann'");
    table.change("UPDATE credential SET status = 'disabled' WHERE user = 'ann'");
    CHECK(table.replace(set_of()) == ChangeResult::NoMethod);
    table.change("UPDATE credential SET status = 'active', method = 'email' WHERE user = 'ann'");
    CHECK(table.replace(set_of()) == ChangeResult::Done);
    QuestionSetChange gone = set_of();
    gone.session = "ses_none";
    CHECK(table.replace(gone) == ChangeResult::SessionGone);
}

TEST_CASE("what is kept of a set is read back as it was, and no other bytes are one [R20] [R24]") {
    const QuestionSet set{"15.0.0", Secret(std::string(16, 's')), {{"first_boss", ""}, {"own_1", "Wo war's? ä"}}};
    const Secret bytes = write_question_set(set);
    const auto read = read_question_set(bytes.bytes());
    REQUIRE(read);
    CHECK(read->unicode_version == "15.0.0");
    CHECK(read->salt.text() == std::string(16, 's'));
    REQUIRE(read->questions.size() == 2);
    CHECK(read->questions[1].id == "own_1");
    CHECK(read->questions[1].text == "Wo war's? ä");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto cut = read_question_set(bytes.bytes().first(size));
        CHECK((!cut || cut->questions.size() < 2));
    }
    CHECK_FALSE(read_question_set(Secret("\xff\xff\xff\xff").bytes()));
}

TEST_CASE("the catalog has questions enough, each with an id and a text of its own [R24]") {
    CHECK(question_catalog().size() >= 20);
    for (const CatalogQuestion& question : question_catalog()) {
        CHECK(question.id.size() <= kMaxQuestionIdBytes);
        CHECK(find_catalog_question(question.id) == question.text);
        CHECK(question.text.ends_with('?'));
        CHECK(is_printable_utf8(question.text));
    }
    CHECK_FALSE(find_catalog_question("mothers_maiden_name"));
    CHECK_FALSE(find_catalog_question(""));
}
