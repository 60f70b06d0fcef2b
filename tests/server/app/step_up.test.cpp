// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "stage.h"

// R2 in its inner form: a session changes nothing of a user who has an authenticator, until a code of one of
// them was given inside it.

using namespace countersign;
using namespace countersign::server;

namespace {

ServerErrorCode refusal_of(const Answer<Begun>& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

/// A fresh session of the user, elevated by a fresh code.
SessionCaller elevated_session(Stage& stage, const std::string& user, const Secret& seed) {
    stage.clock->pass(60);
    const SessionCaller session = stage.open_session(user);
    REQUIRE(stage.elevate(session, stage.code(seed)).value().ok);
    return session;
}

}  // namespace

TEST_CASE("who has nothing yet needs no step-up, who has an authenticator does [R2]") {
    Stage stage;
    const SessionCaller first = stage.open_session("ann");
    CHECK_FALSE(stage.own_methods(first).step_up_required);
    const Enrolled enrolled = stage.enroll(first);
    CHECK(stage.own_methods(first).step_up_required);
    CHECK_FALSE(stage.own_methods(first).elevated_until);
    CHECK(refusal_of(stage.begin(first)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(refusal_of(stage.begin(first, enrolled.credential)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.remove(first, enrolled.credential).error().code == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.remove(first, "crd_aaaaaaaaaaaaaaaa").error().code == ServerErrorCode::AuthStepUpRequired);
}

TEST_CASE("who has only a disabled one may not begin either: else 100 guesses and an enrollment were a way round [R2] [R13]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.change("UPDATE credential SET status = 'disabled'");
    stage.clock->pass(60);
    const SessionCaller session = stage.open_session("ann");
    CHECK(stage.own_methods(session).step_up_required);
    CHECK_FALSE(stage.elevate(session, stage.code(enrolled.seed)).value().ok);
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(refusal_of(stage.begin(session, enrolled.credential)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.remove(session, enrolled.credential).error().code == ServerErrorCode::AuthStepUpRequired);
}

TEST_CASE("a code elevates its own session alone, for ten minutes [R2]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(30);
    const SessionCaller one = stage.open_session("ann");
    const SessionCaller two = stage.open_session("ann");
    const ElevateAnswer answer = stage.elevate(one, stage.code(enrolled.seed)).value();
    REQUIRE(answer.ok);
    CHECK(answer.elevated_until.value == stage.clock->wall().value + 600);
    CHECK(stage.begin(one));
    CHECK(refusal_of(stage.begin(two)) == ServerErrorCode::AuthStepUpRequired);
    stage.clock->pass(599);
    CHECK(stage.begin(one));
    stage.clock->pass(1);
    CHECK(refusal_of(stage.begin(one)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.remove(one, enrolled.credential).error().code == ServerErrorCode::AuthStepUpRequired);
}

TEST_CASE("an elevation does not outlive its session [R2]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const SessionCaller session = stage.open_session("ann");
    stage.clock->pass(600);
    const ElevateAnswer answer = stage.elevate(session, stage.code(enrolled.seed)).value();
    CHECK(answer.elevated_until.value == FixedClock::kStart + 900);
    stage.clock->pass(299);
    CHECK(stage.begin(session));
    stage.clock->pass(1);  // the caller was proven before, the transaction looks again
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::AuthInvalid);
    CHECK(stage.remove(session, enrolled.credential).error().code == ServerErrorCode::AuthInvalid);
}

TEST_CASE("an elevation that a clock set back has moved into the future is none [R2] [R16]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", enrolled.seed);
    stage.change("UPDATE session SET elevated_until = elevated_until + 1");
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::AuthStepUpRequired);
    stage.change("UPDATE session SET elevated_until = elevated_until - 1");
    CHECK(stage.begin(session));
}

TEST_CASE("while the clock is not trusted nothing is changed that a step-up allows [R2] [R16]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", enrolled.seed);
    stage.clock->jump(-300);
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::ClockUnreliable);
    CHECK(stage.remove(session, enrolled.credential).error().code == ServerErrorCode::ClockUnreliable);
    CHECK(stage.elevate(session, stage.code(enrolled.seed)).error().code == ServerErrorCode::ClockUnreliable);
}

TEST_CASE("a code is spent once by a step-up or by a login, never by both [R2] [R8] [L1]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(30);
    const SessionCaller session = stage.open_session("ann");
    const std::string first = stage.code(enrolled.seed);
    REQUIRE(stage.elevate(session, first).value().ok);
    CHECK_FALSE(stage.verify("ann", first).value().ok);
    CHECK_FALSE(stage.elevate(stage.open_session("ann"), first).value().ok);
    stage.clock->pass(30);
    const std::string second = stage.code(enrolled.seed);
    REQUIRE(stage.verify("ann", second).value().ok);
    CHECK_FALSE(stage.elevate(session, second).value().ok);
    CHECK_FALSE(stage.elevate(session, enrolled.confirming_code).value().ok);
    CHECK(stage.number("SELECT failures FROM credential") == 1);  // of these, only the confirming one left the window
}

TEST_CASE("another user's code elevates nobody, and counts [R2] [R9d] [L14]") {
    Stage stage;
    const Enrolled ann = stage.enroll("ann");
    const Enrolled bob = stage.enroll("bob");
    stage.clock->pass(30);
    const SessionCaller session = stage.open_session("ann");
    CHECK_FALSE(stage.elevate(session, stage.code(bob.seed)).value().ok);
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.number("SELECT failures FROM credential WHERE user = 'ann'") == 1);
    CHECK(stage.number("SELECT failures FROM credential WHERE user = 'bob'") == 0);
    CHECK(stage.verify("bob", stage.code(bob.seed)).value().ok);
}

TEST_CASE("logins and step-ups share one budget, and a wrong code counts on every active authenticator [R9d] [R2] [L7] [L8]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const Enrolled tablet = stage.enroll(elevated_session(stage, "ann", phone.seed));
    stage.clock->pass(60);
    const std::string wrong = stage.wrong_code(phone.seed);
    REQUIRE_FALSE(locate_totp(tablet.seed.bytes(), wrong, stage.clock->wall(), 2).value());
    for (int i = 0; i < 3; ++i) CHECK(stage.verify("ann", wrong).value().retry_after_seconds == 0);
    const SessionCaller session = stage.open_session("ann");
    CHECK(stage.elevate(session, wrong).value().retry_after_seconds == 0);
    CHECK(stage.elevate(stage.open_session("ann"), wrong).value().retry_after_seconds == 30);
    CHECK(stage.number("SELECT min(failures) FROM credential") == 5);
    CHECK(stage.number("SELECT max(failures) FROM credential") == 5);
    // The right code waits, for either purpose, and is not counted.
    CHECK(stage.elevate(session, stage.code(tablet.seed)).value().retry_after_seconds == 30);
    CHECK(stage.verify("ann", stage.code(phone.seed)).value().retry_after_seconds == 30);
    CHECK(stage.number("SELECT max(failures) FROM credential") == 5);
    stage.clock->pass(30);
    CHECK(stage.elevate(session, stage.code(tablet.seed)).value().ok);
}

TEST_CASE("the failure that disables elevates nobody, and the right code afterwards does not either [R2] [R13]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(60);
    stage.change("UPDATE credential SET window_failures = 99, window_start = " + std::to_string(FixedClock::kStart));
    const SessionCaller session = stage.open_session("ann");
    CHECK_FALSE(stage.elevate(session, stage.wrong_code(enrolled.seed)).value().ok);
    CHECK(stage.totp_of("ann").status == "disabled");
    CHECK_FALSE(stage.elevate(session, stage.code(enrolled.seed)).value().ok);
    CHECK(stage.number("SELECT max(elevated_until) FROM session") == 0);
}

TEST_CASE("for a user nobody has heard of a step-up counts as a login does [R14] [R2]") {
    Stage stage;
    const SessionCaller session = stage.open_session("nobody");
    for (int i = 0; i < 3; ++i) CHECK(stage.elevate(session, "123456").value().retry_after_seconds == 0);
    CHECK(stage.verify("nobody", "123456").value().retry_after_seconds == 0);
    CHECK(stage.elevate(session, "123456").value().retry_after_seconds == 30);
    CHECK(stage.number("SELECT failures FROM unknown_user") == 5);
    CHECK(stage.number("SELECT max(elevated_until) FROM session") == 0);
}

TEST_CASE("a session that ends under way elevates nothing and spends no code [R2] [L18]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(60);
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(stage.open_session("bob")).value();
    REQUIRE(stage.administration()->revoke_app_key("default", stage.caller.key_id));
    const auto right = stage.elevate(session, stage.code(enrolled.seed));
    REQUIRE_FALSE(right);
    CHECK(right.error().code == ServerErrorCode::AuthInvalid);
    CHECK(stage.elevate(session, stage.wrong_code(enrolled.seed)).error().code == ServerErrorCode::AuthInvalid);
    CHECK(stage.number("SELECT failures FROM credential WHERE user = 'ann'") == 0);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
}

TEST_CASE("an enrollment whose session has ended under way is not confirmed [R2] [R8]") {
    Stage stage;
    const SessionCaller session = stage.open_session("bob");
    const Begun pending = stage.begin(session).value();
    stage.change("DELETE FROM session");
    CHECK(stage.confirm(session, pending.pending_id, stage.wrong_code(seed_of(pending))).error().code ==
          ServerErrorCode::AuthInvalid);
    CHECK(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending))).error().code ==
          ServerErrorCode::AuthInvalid);
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::AuthInvalid);
    CHECK(stage.totp_of("bob").status == "pending");
}

TEST_CASE("the use of the code and the elevation are one transaction [R2] [L18] [L19]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(60);
    const SessionCaller session = stage.open_session("ann");
    stage.change("CREATE TRIGGER broken BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'no step-up'); END");
    CHECK(stage.elevate(session, stage.code(enrolled.seed)).error().code == ServerErrorCode::ServerUnavailable);
    stage.change("DROP TRIGGER broken");
    stage.change("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no audit'); END");
    CHECK(stage.elevate(session, stage.code(enrolled.seed)).error().code == ServerErrorCode::ServerUnavailable);
    CHECK(stage.number("SELECT max(elevated_until) FROM session") == 0);
    stage.change("DROP TRIGGER broken");
    CHECK(stage.elevate(session, stage.code(enrolled.seed)).value().ok);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'session.elevated' AND user = 'ann' AND credential = '" +
                       enrolled.credential + "' AND detail = 'session=" + session.session_id + "'") == 1);
}

TEST_CASE("a change ends the step-up of the user's other sessions, and of nobody else's [R2]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const Enrolled other_user = stage.enroll("bob");
    const SessionCaller bob = elevated_session(stage, "bob", other_user.seed);
    const SessionCaller one = elevated_session(stage, "ann", phone.seed);
    const SessionCaller two = elevated_session(stage, "ann", phone.seed);
    const Enrolled tablet = stage.enroll(two);
    CHECK(refusal_of(stage.begin(one)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.begin(two));
    stage.clock->pass(30);
    REQUIRE(stage.elevate(one, stage.code(tablet.seed)).value().ok);
    REQUIRE(stage.remove(two, phone.credential));
    CHECK(refusal_of(stage.begin(one)) == ServerErrorCode::AuthStepUpRequired);
    CHECK(stage.begin(two));
    CHECK(stage.begin(bob));
}
