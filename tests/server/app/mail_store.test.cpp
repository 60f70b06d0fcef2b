// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <optional>
#include <string>

#include "app/contact.h"
#include "app/mail_content.h"
#include "app/notice_text.h"
#include "app/outbox.h"
#include "app/seed_box.h"
#include "app/store.h"
#include "countersign/secret.h"
#include "store/addresses.h"
#include "store/audit.h"
#include "store/contact_rows.h"
#include "store/database.h"
#include "store/decide_mail.h"
#include "store/mail_code_rows.h"
#include "store/outbox_rows.h"
#include "store/rows.h"
#include "store/schema.h"
#include "temporary_directory.h"

// Mailed codes, how many of them, and the outbox: each statement by itself, clause by clause.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr UnixSeconds kNow{1'800'000'000};
constexpr UnixSeconds kNoFloor{-86400};

UnixSeconds after(std::int64_t seconds) { return {kNow.value + seconds}; }

Digest digest(std::uint8_t value) {
    Digest made{};
    made.fill(value);
    return made;
}

/// Ann with an authenticator, an email `crd_mail`, an alternate `crd_alt`, and code 1 mailed to `crd_mail` for `chl`.
class MailTable {
  public:
    MailTable() : database(directory.file("countersign.sqlite"), Role::Writer) {
        REQUIRE(migrate(database).has_value());
        add("crd_totp", "totp");
        add("crd_mail", "email");
        add("crd_alt", "alternate_email");
        REQUIRE(issue(code(1)).ok);
    }

    template <class Work>
    auto in_transaction(Work work) {
        WriteTransaction transaction(database);
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            transaction.commit();
        } else {
            auto result = work();
            transaction.commit();
            return result;
        }
    }

    void add(const std::string& id, const std::string& method) {
        CredentialRecord row;
        row.realm = "default";
        row.user = "ann";
        row.id = id;
        row.method = method;
        row.status = CredentialStatus::Active;
        row.key_id = "k";
        row.sealed = {1};
        row.created_at = kNow;
        in_transaction([&] { insert_credential(database, row); });
    }
    [[nodiscard]] MailCodeIssue code(std::uint8_t value, UnixSeconds now = kNow) const {
        MailCodeIssue issue;
        issue.realm = "default";
        issue.user = "ann";
        issue.method = "email";
        issue.credential = "crd_mail";
        issue.bound_to = "chl";
        issue.digest = digest(value);
        issue.address_hash = digest(200);
        issue.now = now;
        issue.expires_at = {now.value + 600};
        issue.mail.realm = "default";
        issue.mail.user = "ann";
        issue.mail.id = "mail_" + std::to_string(value) + "_" + std::to_string(now.value);
        issue.mail.kind = "code";
        issue.mail.sealed = std::vector<std::uint8_t>{1, 2, 3};
        issue.mail.method = "email";
        issue.mail.detail = "crd_mail chl";
        issue.mail.created_at = now;
        issue.mail.expires_at = issue.expires_at;
        issue.mail.next_at = now;
        return issue;
    }
    MailCodeIssued issue(const MailCodeIssue& wanted, UnixSeconds floor = kNoFloor) {
        return in_transaction([&] { return issue_mail_code(database, wanted, floor); });
    }
    LoginDecision decide(const MailCodeTry& attempt, UnixSeconds floor = kNoFloor, CountOnly only = CountOnly::No) {
        return in_transaction([&] { return decide_mail_code(database, attempt, floor, only); });
    }
    void change(const std::string& sql) { database.connection().exec(sql); }
    std::int64_t number(const std::string& sql) { return database.connection().execAndGet(sql).getInt64(); }
    std::int64_t mails() { return number("SELECT count(*) FROM outbox WHERE kind = 'code'"); }
    std::int64_t failures() { return number("SELECT failures FROM credential WHERE credential = 'crd_mail'"); }
    std::optional<OutboxRecord> lease(UnixSeconds now, bool alone = false) {
        return in_transaction([&] { return lease_mail(database, {now, alone}); });
    }

    TemporaryDirectory directory;
    Database database;
};

MailCodeTry attempt_of(std::uint8_t value) {
    MailCodeTry attempt;
    attempt.realm = "default";
    attempt.user = "ann";
    attempt.hidden_user = "hidden";
    attempt.method = "email";
    attempt.credential = "crd_mail";
    attempt.bound_to = "chl";
    attempt.digest = digest(value);
    attempt.now = kNow;
    return attempt;
}

}  // namespace

TEST_CASE("each clause of the statements on a mailed code is needed: user, address, request, time, tries, gate, floor [R8] [R9] [R23]") {
    const auto refuses = [](const std::string& change, auto alter, UnixSeconds floor = kNoFloor) {
        MailTable table;
        if (!change.empty()) table.change(change);
        MailCodeTry attempt = attempt_of(1);
        alter(attempt);
        CAPTURE(change);
        CHECK_FALSE(table.decide(attempt, floor).accepted);
        CHECK(table.number("SELECT sum(successes) FROM credential") == 0);
        CHECK(table.number("SELECT count(*) FROM mail_code") == 1);
    };
    const auto as_is = [](MailCodeTry&) {};
    CHECK(MailTable().decide(attempt_of(1)).accepted);
    refuses("", [](MailCodeTry& a) { a.user = "ben"; });
    refuses("", [](MailCodeTry& a) { a.realm = "other"; });
    refuses("", [](MailCodeTry& a) { a.credential = "crd_alt"; });
    refuses("", [](MailCodeTry& a) { a.method = "alternate_email"; });
    refuses("", [](MailCodeTry& a) { a.bound_to = "chl2"; });
    refuses("", [](MailCodeTry& a) { a.digest = digest(2); });
    refuses("", [](MailCodeTry& a) { a.digest.reset(); });
    refuses("", [](MailCodeTry& a) { a.now = after(600); });
    refuses("", as_is, kNow);
    refuses("UPDATE mail_code SET tries_left = 0", as_is);
    refuses("UPDATE credential SET status = 'disabled' WHERE credential = 'crd_mail'", as_is);
    refuses("UPDATE credential SET not_before = 1800000001 WHERE credential = 'crd_mail'", as_is);
    refuses("UPDATE credential SET usable_from = 1800000001 WHERE credential = 'crd_mail'", as_is);
}

TEST_CASE("a mailed code is used once, a wrong one counts on its address and costs a try, a slip neither [R9] [R13] [R14b]") {
    MailTable table;
    CHECK_FALSE(table.decide(attempt_of(2)).accepted);
    CHECK(table.failures() == 1);
    CHECK(table.number("SELECT tries_left FROM mail_code") == 4);
    MailCodeTry slip = attempt_of(2);
    slip.digest.reset();
    CHECK_FALSE(table.decide(slip).accepted);
    CHECK(table.failures() == 1);
    CHECK(table.number("SELECT tries_left FROM mail_code") == 4);
    CHECK(table.number("SELECT failures FROM credential WHERE credential = 'crd_totp'") == 0);
    CHECK(table.decide(attempt_of(1)).accepted);
    CHECK(table.failures() == 0);
    CHECK_FALSE(table.decide(attempt_of(1)).accepted);
}

TEST_CASE("after an error the count alone is run: a right code counts nothing, a wrong one once [R10]") {
    MailTable table;
    CHECK_FALSE(table.decide(attempt_of(1), kNoFloor, CountOnly::Yes).accepted);
    CHECK(table.failures() == 0);
    CHECK_FALSE(table.decide(attempt_of(2), kNoFloor, CountOnly::Yes).accepted);
    CHECK(table.failures() == 1);
    CHECK(table.decide(attempt_of(1)).accepted);
}

TEST_CASE("a try in a pause is neither counted nor does it cost the code one, right or wrong [R9] [L10]") {
    MailTable table;
    for (int i = 0; i < 4; ++i) CHECK(table.decide(attempt_of(2)).retry_after_seconds == 0);
    const LoginDecision fifth = table.decide(attempt_of(2));
    CHECK(fifth.locked);
    CHECK(fifth.retry_after_seconds == 30);
    CHECK(table.decide(attempt_of(2)).retry_after_seconds == 30);
    CHECK(table.failures() == 5);
    CHECK(table.number("SELECT count(*) FROM audit WHERE event = 'credential.locked'") == 1);
}

TEST_CASE("an address that nobody has is counted under its hidden user, with the same pauses [R14]") {
    MailTable table;
    MailCodeTry attempt = attempt_of(2);
    attempt.user = "nobody";
    attempt.credential.clear();
    for (int i = 0; i < 4; ++i) CHECK(table.decide(attempt).retry_after_seconds == 0);
    CHECK(table.decide(attempt).retry_after_seconds == 30);
    CHECK(table.number("SELECT failures FROM unknown_user WHERE user = 'hidden' AND method = 'email'") == 5);
}

TEST_CASE("an address gets 1 mail a minute, 5 an hour and 10 a day, by one statement [R23] [L9]") {
    MailTable table;  // the first one went at 0
    CHECK_FALSE(table.issue(table.code(2, after(59))).ok);
    CHECK(table.issue(table.code(2, after(59))).retry_after_seconds == 1);
    for (int i = 1; i < 5; ++i) CHECK(table.issue(table.code(2, after(60 * i))).ok);
    const MailCodeIssued sixth = table.issue(table.code(3, after(300)));
    CHECK_FALSE(sixth.ok);
    CHECK(sixth.retry_after_seconds == 3300);
    for (int i = 0; i < 5; ++i) CHECK(table.issue(table.code(4, after(3600 + 60 * i))).ok);
    CHECK_FALSE(table.issue(table.code(5, after(7200))).ok);
    CHECK_FALSE(table.issue(table.code(5, after(86399))).ok);
    CHECK(table.issue(table.code(5, after(86400))).ok);
    CHECK(table.number("SELECT count(*) FROM mail_allowance") == 1);

    MailCodeIssue elsewhere = table.code(6, after(86401));
    elsewhere.address_hash = digest(201);
    CHECK(table.issue(elsewhere).ok);
}

TEST_CASE("after the clock was set back an address waits for no time that will not come [R16] [R23]") {
    MailTable table;
    table.change("UPDATE mail_allowance SET last_at = 1900000000, hour_start = 1900000000, day_start = 1900000000, "
                 "hour_count = 5, day_count = 10");
    CHECK(table.issue(table.code(2)).ok);
}

TEST_CASE("no mail goes to an address that is paused, disabled, on hold or another's, and none is counted [L9] [R13] [R23]") {
    const auto sends_none = [](const std::string& change, auto alter) {
        MailTable table;
        if (!change.empty()) table.change(change);
        MailCodeIssue wanted = table.code(2, after(60));
        alter(wanted);
        CAPTURE(change);
        CHECK_FALSE(table.issue(wanted).ok);
        CHECK(table.mails() == 1);
        CHECK(table.number("SELECT day_count FROM mail_allowance") == 1);
        CHECK(table.number("SELECT count(*) FROM mail_code WHERE issued_at = 1800000000") == 1);
    };
    const auto as_is = [](MailCodeIssue&) {};
    sends_none("UPDATE credential SET not_before = 1800000061 WHERE credential = 'crd_mail'", as_is);
    sends_none("UPDATE credential SET status = 'disabled' WHERE credential = 'crd_mail'", as_is);
    sends_none("UPDATE credential SET usable_from = 1800000061 WHERE credential = 'crd_mail'", as_is);
    sends_none("", [](MailCodeIssue& i) { i.user = "ben"; });
    sends_none("", [](MailCodeIssue& i) { i.credential = "crd_alt"; });
}

TEST_CASE("a resend replaces the code and its mail, and resets no count [R13] [R23] [L8]") {
    MailTable table;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(table.decide(attempt_of(2)).accepted);
    CHECK(table.issue(table.code(7, after(60))).ok);
    CHECK(table.failures() == 3);
    CHECK(table.mails() == 1);
    MailCodeTry old = attempt_of(1);
    old.now = after(60);
    CHECK_FALSE(table.decide(old).accepted);
    CHECK(table.failures() == 4);
    MailCodeTry fresh = attempt_of(7);
    fresh.now = after(60);
    CHECK(table.decide(fresh).accepted);
}

TEST_CASE("a mail is leased to one at a time; when the lease is over another may take it, and the first is refused [R23]") {
    MailTable table;
    const auto first = table.lease(kNow);
    REQUIRE(first);
    CHECK(first->sealed == std::vector<std::uint8_t>{1, 2, 3});
    CHECK_FALSE(table.lease(kNow));
    CHECK_FALSE(table.lease(after(kMailLeaseSeconds - 1)));
    const auto second = table.lease(after(kMailLeaseSeconds));
    REQUIRE(second);
    MailFinish finish;
    finish.mail = *first;
    finish.fate = MailFinish::Fate::Erase;
    CHECK_FALSE(table.in_transaction([&] { return finish_mail(table.database, finish); }));
    CHECK(table.mails() == 1);
    finish.mail = *second;
    CHECK(table.in_transaction([&] { return finish_mail(table.database, finish); }));
    CHECK(table.mails() == 0);
}

TEST_CASE("a server that is alone takes over what a killed one held; a lease of the future is none [R18] [R16]") {
    MailTable table;
    REQUIRE(table.lease(kNow));
    CHECK(table.lease(kNow, true));
    table.change("UPDATE outbox SET leased_until = 1900000000");
    CHECK(table.lease(kNow));
}

TEST_CASE("codes go before notices, and what has expired or is not due does not go [R23]") {
    MailTable table;
    OutboxRecord notice;
    notice.realm = "default";
    notice.user = "ann";
    notice.id = "mail_notice";
    notice.kind = "locked";
    notice.created_at = {1};
    notice.next_at = {1};
    table.in_transaction([&] { insert_mail(table.database, notice); });
    const auto first = table.lease(kNow);
    REQUIRE(first);
    CHECK(first->kind == "code");
    const auto second = table.lease(kNow);
    REQUIRE(second);
    CHECK(second->id == "mail_notice");
    CHECK_FALSE(second->sealed.has_value());
    table.change("UPDATE outbox SET leased_until = 0, next_at = 1800000100");
    CHECK_FALSE(table.lease(kNow));
    table.change("UPDATE outbox SET next_at = 1");
    CHECK(table.lease(after(600))->id == "mail_notice");
    CHECK(table.mails() == 0);
}

TEST_CASE("of codes those go first that were not tried before, and a notice after them all [R23] [L8]") {
    MailTable table;
    OutboxRecord fresh = *table.lease(kNow);
    OutboxRecord notice = fresh;
    notice.id = std::string("mail_notice");
    notice.kind = std::string("locked");
    notice.expires_at.reset();
    notice.next_at = {1};
    table.change("UPDATE outbox SET leased_until = 0, attempts = 1, next_at = 1, mail = 'mail_tried'");
    fresh.id = std::string("mail_fresh");
    table.in_transaction([&] {
        insert_mail(table.database, fresh);
        insert_mail(table.database, notice);
    });
    for (const std::string id : {"mail_fresh", "mail_tried", "mail_notice"}) CHECK(table.lease(kNow)->id == id);
}

TEST_CASE("a dead letter keeps who, what kind and how often, and nothing else [R23]") {
    MailTable table;
    const auto oldest = read_outbox_state(table.database).oldest;
    REQUIRE(oldest.has_value());
    CHECK(oldest->value == table.number("SELECT created_at FROM outbox"));
    MailFinish finish;
    finish.mail = *table.lease(kNow);
    finish.fate = MailFinish::Fate::Dead;
    finish.next_at = kNow;
    finish.reply_code = 550;
    CHECK(table.in_transaction([&] { return finish_mail(table.database, finish); }));
    CHECK(table.number("SELECT count(*) FROM outbox WHERE state = 'dead' AND sealed IS NULL AND detail = '' AND method = '' "
                       "AND kind = 'code' AND user = 'ann' AND reply_code = 550 AND attempts = 1") == 1);
    const OutboxState state = read_outbox_state(table.database);
    CHECK(state.waiting == 0);
    CHECK(state.dead == 1);
    CHECK_FALSE(state.next_at);
    CHECK_FALSE(state.oldest);
    CHECK_FALSE(table.lease(after(86400)));
}

TEST_CASE("tries come after 5 s, doubling to 15 min [R23]") {
    CHECK(Outbox::retry_seconds(0) == 5);
    CHECK(Outbox::retry_seconds(1) == 10);
    CHECK(Outbox::retry_seconds(7) == 640);
    CHECK(Outbox::retry_seconds(8) == 900);
    CHECK(Outbox::retry_seconds(1'000'000) == 900);
}

TEST_CASE("an event that concerns the owner puts a notice beside it, where there is an address, and no word of its detail but a number [R13] [R3]") {
    MailTable table;
    const std::string realm = "default";
    const std::string ann = "ann";
    const std::string ben = "ben";
    const auto tell = [&](const std::string& user, std::string_view event, std::string_view detail, UnixSeconds at = kNow) {
        table.in_transaction([&] { record_event(table.database, at, {realm, user, event, "totp", "crd_totp", detail}); });
    };
    const auto notices = [&] { return table.number("SELECT count(*) FROM outbox WHERE kind <> 'code'"); };
    tell(ben, "credential.enrolled", "");
    tell(ann, "policy.saved", "");
    tell(ann, "challenge.passed", "challenge=x proof=totp");
    CHECK(notices() == 0);
    tell(ann, "challenge.passed", "challenge=x proof=kba fallback");
    tell(ann, "backup_code.issued", "who=eve expires=1800003600 reason=remaining=1 <script>");
    CHECK(notices() == 2);
    CHECK(table.number("SELECT count(*) FROM outbox WHERE kind = 'backup_code_issued' AND detail = 'expires=1800003600'") == 1);
    for (int i = 0; i < 3; ++i) tell(ann, "credential.locked", "failures=5", after(i));
    CHECK(notices() == 3);
    tell(ann, "credential.locked", "failures=6", after(3600));
    CHECK(notices() == 4);
}

TEST_CASE("an address or a mail that was put to another user does not open [R20]") {
    const Keys keys(Secret::random(32).bytes());
    const Keys others(Secret::random(32).bytes());
    ContactRecord contact = make_contact(keys, "default", "ann", "Bank", "ann@example.org", kNow);
    CHECK(open_contact(keys, contact) == "ann@example.org");
    CHECK_FALSE(open_contact(others, contact));
    contact.user = "ben";
    CHECK_FALSE(open_contact(keys, contact));

    const Secret content = encode_mail_content("ann@example.org", {{"code", "042137"}, {"issuer", ""}});
    const auto sealed = seal_mail(keys, {"default", "ann", "code", "mail_1"}, content.bytes());
    const auto opened = open_mail(keys, {"default", "ann", "code", "mail_1"}, sealed);
    REQUIRE(opened);
    const auto read = decode_mail_content(*opened);
    REQUIRE(read);
    CHECK(read->to == "ann@example.org");
    CHECK(read->value("code") == "042137");
    CHECK(read->value("issuer").empty());
    CHECK_FALSE(open_mail(keys, {"default", "ben", "code", "mail_1"}, sealed));
    CHECK_FALSE(open_mail(keys, {"default", "ann", "code", "mail_2"}, sealed));
    CHECK_FALSE(open_mail(keys, {"other", "ann", "code", "mail_1"}, sealed));
    CHECK_FALSE(open_seed(keys, {"default", "ann", "code", "mail_1"}, sealed));
    CHECK_FALSE(decode_mail_content(Secret(std::string_view("\x05\0\0\0abc", 7))));
}

TEST_CASE("a notice names its moment, its method and its number in words") {
    CHECK(moment_text(UnixSeconds{1'795'336'500}) == "22 November 2026, 08:35 UTC");
    CHECK(moment_text(UnixSeconds{0}) == "1 January 1970, 00:00 UTC");
    CHECK(moment_text(UnixSeconds{4'294'967'296}) == "7 February 2106, 06:28 UTC");
    CHECK(method_text("kba") == "a set of security questions");
    CHECK(method_text("something new") == "a way to sign in");
    CHECK(notice_number("remaining=7").text == "7");
    CHECK(notice_number("expires=0").text == "1 January 1970, 00:00 UTC");
    CHECK(notice_number("").name.empty());
    CHECK(notice_number("who=eve").name.empty());
}
