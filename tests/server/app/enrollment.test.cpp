// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <array>

#include "app/base64url.h"
#include "app/tokens.h"
#include "countersign/otpauth_uri.h"
#include "stage.h"

using namespace countersign;
using namespace countersign::server;

TEST_CASE("the code that confirmed an enrollment is no login, the next one is [L6]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    CHECK_FALSE(stage.verify("ann", enrolled.confirming_code).value().ok);
    CHECK(stage.number("SELECT last_step FROM credential") == FixedClock::kStart / 30);
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
}

TEST_CASE("a confirming code of the step before spends that step only [L6] [R8]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    const Secret seed = seed_of(pending);
    REQUIRE(stage.confirm(session, pending.pending_id, stage.code(seed, -1)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(seed, -1)).value().ok);
    CHECK(stage.verify("ann", stage.code(seed)).value().ok);
}

TEST_CASE("a confirming code of the step after spends the present one too [L6] [R8]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    const Secret seed = seed_of(pending);
    REQUIRE(stage.confirm(session, pending.pending_id, stage.code(seed, 1)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(seed)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(seed, 1)).value().ok);
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(seed, 1)).value().ok);
}

TEST_CASE("begin gives the same session the same secret until it expires [L33]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun first = stage.begin(session).value();
    CHECK(stage.confirm(session, first.pending_id, stage.wrong_code(seed_of(first)))->reason == ConfirmReason::Wrong);
    const Begun again = stage.begin(session).value();
    CHECK(again.pending_id == first.pending_id);
    CHECK(again.uri.text() == first.uri.text());
    CHECK(again.expires_at == first.expires_at);
    stage.clock->pass(600);
    const Begun later = stage.begin(session).value();
    CHECK(later.pending_id != first.pending_id);
    CHECK(later.uri.text() != first.uri.text());
}

TEST_CASE("the box is sealed once: same session, key and place have the very same bytes [R22] [L33]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun first = stage.begin(session).value();
    stage.clock->pass(300);
    CHECK(stage.begin(session)->sealed == first.sealed);
    stage.stop();
    stage.start();
    CHECK(stage.begin(session)->sealed == first.sealed);
}

TEST_CASE("another key means another secret, and voids the one before [R22]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun first = stage.begin(session).value();
    stage.forget_box_keys(session);
    const Begun second = stage.begin(session).value();
    CHECK(second.pending_id != first.pending_id);
    CHECK(seed_of(second).text() != seed_of(first).text());
    const auto voided = stage.confirm(session, first.pending_id, stage.code(seed_of(first)));
    REQUIRE_FALSE(voided);
    CHECK(voided.error().code == ServerErrorCode::EnrollmentPendingUnknown);
    CHECK(stage.confirm(session, second.pending_id, stage.code(seed_of(second))).value().ok);
}

TEST_CASE("a box names its session by the token, its user and its enrollment; it opens for no other [R22] [L14]") {
    Stage stage;
    const OpenedSession opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
        stage.service->open_session(stage.caller, {"ann", "manage", "a", "b"}, std::move(reply));
    }).value();
    const SessionCaller session = stage.service->authenticate_session(opened.token.text()).value();
    CHECK(session.token_sha256.size() == 64);
    CHECK(session.token_sha256 == token_sha256(opened.token.text()));
    CHECK(token_sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const BoxKeyPair keys = make_box_key_pair();
    const auto pending = await<PendingTotp>([&](Reply<PendingTotp> reply) {
        stage.service->begin_totp(session, {encode_base64url(keys.public_key), {}, {}}, std::move(reply));
    }).value();
    const auto box = decode_base64url(pending.sealed, pending.sealed.size() * 3 / 4).value();
    CHECK(open_box(keys, {session.token_sha256, "ann", pending.pending_id}, box));
    CHECK_FALSE(open_box(keys, {session.session_id, "ann", pending.pending_id}, box));
    CHECK_FALSE(open_box(keys, {session.token_sha256, "bob", pending.pending_id}, box));
    CHECK_FALSE(open_box(keys, {session.token_sha256, "ann", "crd_aaaaaaaaaaaaaaaa"}, box));
    CHECK_FALSE(open_box(make_box_key_pair(), {session.token_sha256, "ann", pending.pending_id}, box));
}

TEST_CASE("a key that is no key is refused before anything is queued [R10] [R22]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const std::string good = encode_base64url(make_box_key_pair().public_key);
    const std::array<std::uint8_t, 32> zero{};
    std::array<std::uint8_t, 32> one{};
    one[0] = 1;
    for (const std::string& key : {std::string(), good.substr(1), good + "A", good + "=", good.substr(0, 42) + "/",
                                   good.substr(0, 42) + "\n", good.substr(0, 42) + "B", std::string(43, '\0'),
                                   encode_base64url(zero), encode_base64url(one)}) {
        CAPTURE(key);
        const auto refused = await<PendingTotp>([&](Reply<PendingTotp> reply) {
            stage.service->begin_totp(session, {key, {}, {}}, std::move(reply));
        });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ServerErrorCode::RequestFieldInvalid);
        CHECK(refused.error().detail.starts_with("public_key"));
    }
    CHECK(stage.number("SELECT count(*) FROM credential") == 0);
}

TEST_CASE("another session of the user voids a pending secret [R8]") {
    Stage stage;
    const SessionCaller one = stage.open_session("ann");
    const SessionCaller two = stage.open_session("ann");
    const Begun first = stage.begin(one).value();
    const Begun second = stage.begin(two).value();
    CHECK(second.uri.text() != first.uri.text());
    const auto voided = stage.confirm(one, first.pending_id, stage.code(seed_of(first)));
    REQUIRE_FALSE(voided);
    CHECK(voided.error().code == ServerErrorCode::EnrollmentPendingUnknown);
    CHECK_FALSE(stage.confirm(one, second.pending_id, stage.code(seed_of(second))));
    CHECK(stage.confirm(two, second.pending_id, stage.code(seed_of(second))).value().ok);
}

TEST_CASE("an expired, an unheard-of and another user's pending id are alike unknown [R1] [L14]") {
    Stage stage;
    const SessionCaller ann = stage.open_session("ann");
    const Begun pending = stage.begin(ann).value();
    const std::string code = stage.code(seed_of(pending));
    const SessionCaller bob = stage.open_session("bob");
    for (const auto& [who, id] : {std::pair{bob, pending.pending_id}, std::pair{ann, std::string("crd_none")},
                                  std::pair{ann, std::string()}}) {
        const auto answer = stage.confirm(who, id, code);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ServerErrorCode::EnrollmentPendingUnknown);
    }
    stage.clock->pass(600);
    const auto expired = stage.confirm(ann, pending.pending_id, stage.code(seed_of(pending)));
    REQUIRE_FALSE(expired);
    CHECK(expired.error().code == ServerErrorCode::EnrollmentPendingUnknown);
    CHECK(stage.totp_of("ann").status == "not_configured");
}

TEST_CASE("with an active or a disabled authenticator begin asks for a step-up [R2] [R13] [L16]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const auto refused = stage.begin(stage.open_session("ann"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ServerErrorCode::AuthStepUpRequired);
    stage.change("UPDATE credential SET status = 'disabled'");
    CHECK_FALSE(stage.begin(stage.open_session("ann")));
    CHECK(stage.totp_of("ann").status == "disabled");
    CHECK(stage.totp_of("ann").credential_id == enrolled.credential);
}

TEST_CASE("a confirmation cannot make a second active authenticator [R8]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    // An import in another process comes in between.
    stage.change("INSERT INTO credential SELECT realm, user, 'crd_imported', method, 'active', 0, last_step, 0, 0, 0, "
                 "0, 0, NULL, algorithm, digits, period, key_id, sealed, created_at, created_at, NULL, NULL, '', NULL, 0, NULL, NULL, 0, NULL, 0, 0 "
                 "FROM credential");
    const auto answer = stage.confirm(session, pending.pending_id, stage.code(seed_of(pending)));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ServerErrorCode::EnrollmentPendingUnknown);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE status = 'active'") == 1);
}

TEST_CASE("in an enrollment the reason is told: wrong, clock off by about N s, wait [R14a] [L35]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    const Secret seed = seed_of(pending);
    const auto ahead = stage.confirm(session, pending.pending_id, stage.code(seed, 10)).value();
    CHECK(ahead.reason == ConfirmReason::ClockOff);
    CHECK(ahead.clock_off_seconds == 300);
    const auto behind = stage.confirm(session, pending.pending_id, stage.code(seed, -20)).value();
    CHECK(behind.reason == ConfirmReason::ClockOff);
    CHECK(behind.clock_off_seconds == -600);
    CHECK(stage.confirm(session, pending.pending_id, stage.code(seed, -21))->reason == ConfirmReason::Wrong);
    CHECK(stage.confirm(session, pending.pending_id, stage.wrong_code(seed))->reason == ConfirmReason::Wrong);
    const auto fifth = stage.confirm(session, pending.pending_id, stage.wrong_code(seed)).value();
    CHECK(fifth.reason == ConfirmReason::Wrong);
    CHECK(fifth.retry_after_seconds == 30);
    const auto locked = stage.confirm(session, pending.pending_id, stage.code(seed)).value();
    CHECK_FALSE(locked.ok);
    CHECK(locked.reason == ConfirmReason::Wait);
    CHECK(locked.retry_after_seconds == 30);
    stage.clock->pass(30);
    CHECK(stage.confirm(session, pending.pending_id, stage.code(seed)).value().ok);
}

TEST_CASE("confirming counts every wrong code, so it is no side path to guess by [L7] [R9]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    const std::string wrong = stage.wrong_code(seed_of(pending));
    for (int i = 1; i <= 5; ++i) {
        REQUIRE(stage.confirm(session, pending.pending_id, wrong));
        CHECK(stage.number("SELECT failures FROM credential") == i);
    }
    CHECK(stage.begin(session)->pending_id == pending.pending_id);
    CHECK(stage.confirm(session, pending.pending_id, wrong)->reason == ConfirmReason::Wait);
    CHECK(stage.number("SELECT failures FROM credential") == 5);
}

TEST_CASE("a login counts every wrong code and success ends the row of failures [L7] [R9]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(60);
    for (int i = 1; i <= 4; ++i) {
        CHECK_FALSE(stage.verify("ann", stage.wrong_code(enrolled.seed)).value().ok);
        CHECK(stage.number("SELECT failures FROM credential") == i);
    }
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK(stage.number("SELECT failures FROM credential") == 0);
}

TEST_CASE("an enrollment is an event in the transaction that makes it [R9c]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.enrolled' AND user = 'ann' "
                       "AND credential = '" + enrolled.credential + "'") == 1);
    stage.change("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no audit'); END");
    const SessionCaller session = stage.open_session("bob");
    const Begun pending = stage.begin(session).value();
    CHECK_FALSE(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending))));
    CHECK(stage.totp_of("bob").status == "pending");
}

TEST_CASE("the URI names issuer and account as the session was opened with [L34]") {
    Stage stage;
    const Begun pending = stage.begin(stage.open_session("ann")).value();
    const auto parsed = parse_otpauth_uri(pending.uri.text()).value();
    CHECK(parsed.warnings.empty());
    CHECK(parsed.uri.issuer == "Example");
    CHECK(parsed.uri.account == "someone@example.com");
    CHECK(parsed.uri.secret.size() == 20);
    CHECK(pending.expires_at.value == FixedClock::kStart + 600);
}
