// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>


#include "stage.h"
#include "store/decide.h"

// Several authenticators a user: adding, replacing, removing.

using namespace countersign;
using namespace countersign::server;

namespace {

/// A fresh session of the user, elevated by a fresh code.
SessionCaller elevated_session(Stage& stage, const std::string& user, const Secret& seed) {
    stage.clock->pass(60);
    const SessionCaller session = stage.open_session(user);
    REQUIRE(stage.elevate(session, stage.code(seed)).value().ok);
    return session;
}

template <class T>
ServerErrorCode refusal_of(const Answer<T>& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

std::vector<std::string> statuses(const std::vector<MethodState>& methods) {
    std::vector<std::string> found;
    for (const MethodState& method : methods) found.push_back(method.status);
    return found;
}

}  // namespace

TEST_CASE("replacing: the old one works until the new one is confirmed, then only the new one does [U3] [R8] [L16]") {
    Stage stage;
    const Enrolled old = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", old.seed);
    const Begun pending = stage.begin(session, old.credential).value();
    const Secret seed = seed_of(pending);
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(old.seed)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(seed)).value().ok);  // not yet
    CHECK(stage.confirm(session, pending.pending_id, stage.wrong_code(seed)).value().reason == ConfirmReason::Wrong);
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(old.seed)).value().ok);
    const std::string confirming = stage.code(seed);
    REQUIRE(stage.confirm(session, pending.pending_id, confirming).value().ok);

    CHECK_FALSE(stage.verify("ann", confirming).value().ok);
    stage.clock->pass(30);
    CHECK_FALSE(stage.verify("ann", stage.code(old.seed)).value().ok);
    CHECK(stage.verify("ann", stage.code(seed)).value().ok);
    CHECK(stage.totp_of("ann").credential_id == pending.pending_id);
    CHECK(stage.number("SELECT count(*) FROM credential") == 1);
    CHECK(stage.number("SELECT slot FROM credential") == 0);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.replaced' AND credential = '" +
                       pending.pending_id + "' AND detail = 'replaced=" + old.credential + "'") == 1);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.enrolled'") == 1);  // the first
}

TEST_CASE("a code of the old one that was checked before the new one was confirmed is refused after it [R8] [U3]") {
    Stage stage;
    const Enrolled old = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", old.seed);
    stage.clock->pass(30);
    const LoginAttempt in_flight{"default", "ann", "totp", true, stage.clock->wall(),
                                 {{old.credential, Outcome::Accepted, TimeStep{stage.clock->wall().value / 30}}}};
    const Enrolled fresh = stage.enroll(session, old.credential);
    Database database(stage.database(), Role::Writer);
    WriteTransaction transaction(database);
    CHECK_FALSE(decide_login(database, in_flight, UnixSeconds{-86400}).accepted);
    transaction.commit();
    CHECK(stage.number("SELECT failures FROM credential") == 0);
    stage.clock->pass(30);
    CHECK(stage.verify("ann", stage.code(fresh.seed)).value().ok);
}

TEST_CASE("a replacement that is not confirmed, or whose write fails, leaves the old one as it was [U3] [L16] [L19]") {
    Stage stage;
    const Enrolled old = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", old.seed);
    const Begun pending = stage.begin(session, old.credential).value();
    for (const std::string fault : {"BEFORE DELETE ON credential", "BEFORE INSERT ON audit", "BEFORE UPDATE OF slot ON credential"}) {
        stage.change("CREATE TRIGGER broken " + fault + " BEGIN SELECT RAISE(ABORT, 'no'); END");
        CHECK_FALSE(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending))));
        stage.change("DROP TRIGGER broken");
        CHECK(statuses(stage.methods_of("ann")) == std::vector<std::string>{"active", "pending"});
    }
    stage.clock->pass(600);
    CHECK(refusal_of(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending)))) ==
          ServerErrorCode::EnrollmentPendingUnknown);
    CHECK(stage.verify("ann", stage.code(old.seed)).value().ok);
    CHECK(statuses(stage.methods_of("ann")) == std::vector<std::string>{"active"});
}

TEST_CASE("only an authenticator of this user is replaced, and no pending one [R2] [R1] [L14]") {
    Stage stage;
    const Enrolled ann = stage.enroll("ann");
    const Enrolled bob = stage.enroll("bob");
    const SessionCaller session = elevated_session(stage, "ann", ann.seed);
    const Begun pending = stage.begin(session).value();
    for (const std::string& id : {bob.credential, pending.pending_id, std::string("crd_aaaaaaaaaaaaaaaa"), std::string("x"),
                                  std::string("crd_aaaaaaaaaaaaaaa\0", 20)}) {
        CHECK(refusal_of(stage.begin(session, id)) == ServerErrorCode::MethodUnknown);
        CHECK(refusal_of(stage.remove(session, id)) == ServerErrorCode::MethodUnknown);
    }
    CHECK(refusal_of(stage.begin(stage.open_session("carl"), bob.credential)) == ServerErrorCode::MethodUnknown);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE status = 'active'") == 2);
}

TEST_CASE("a disabled one may be replaced by the session that another one has elevated [R13] [U3]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const Enrolled tablet = stage.enroll(elevated_session(stage, "ann", phone.seed));
    stage.change("UPDATE credential SET status = 'disabled', window_failures = 100 WHERE credential = '" +
                 phone.credential + "'");
    const Enrolled fresh = stage.enroll(elevated_session(stage, "ann", tablet.seed), phone.credential);
    CHECK(statuses(stage.methods_of("ann")) == std::vector<std::string>{"active", "active"});
    CHECK(stage.totp_of("ann").credential_id == fresh.credential);  // in the old one's place
    stage.clock->pass(30);
    CHECK_FALSE(stage.verify("ann", stage.code(phone.seed)).value().ok);
    CHECK(stage.verify("ann", stage.code(fresh.seed)).value().ok);
}

TEST_CASE("any of several authenticators signs in, each code once, and their counts are their own [R8] [R9d] [R12]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const Enrolled tablet = stage.enroll(elevated_session(stage, "ann", phone.seed));
    stage.clock->pass(60);
    CHECK_FALSE(stage.verify("ann", stage.wrong_code(phone.seed)).value().ok);
    CHECK(stage.number("SELECT sum(failures) FROM credential") == 2);
    for (const Enrolled* each : {&phone, &tablet}) {
        CHECK(stage.verify("ann", stage.code(each->seed)).value().ok);
        CHECK_FALSE(stage.verify("ann", stage.code(each->seed)).value().ok);
    }
    CHECK(stage.number("SELECT sum(failures) FROM credential") == 0);
    CHECK(stage.number("SELECT sum(successes) FROM credential") == 3);  // the step-up was one
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.enrolled'") == 2);
}

TEST_CASE("a user has five authenticators at most; in a full house one is still replaced [U3]") {
    Stage stage;
    Enrolled last = stage.enroll("ann");
    for (int i = 1; i < kMaxAuthenticators; ++i) last = stage.enroll(elevated_session(stage, "ann", last.seed));
    const SessionCaller session = elevated_session(stage, "ann", last.seed);
    CHECK(refusal_of(stage.begin(session)) == ServerErrorCode::EnrollmentTooMany);
    const std::string middle = stage.methods_of("ann").at(2).credential_id;
    const Enrolled fresh = stage.enroll(session, middle);
    CHECK(stage.methods_of("ann").size() == kMaxAuthenticators);
    CHECK(stage.methods_of("ann").at(2).credential_id == fresh.credential);
    CHECK(stage.number("SELECT max(slot) FROM credential") == kMaxAuthenticators - 1);
    REQUIRE(stage.remove(session, fresh.credential));
    CHECK(stage.begin(session));
}

TEST_CASE("the last active authenticator stays, whatever else is there [R6]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", phone.seed);
    CHECK(refusal_of(stage.remove(session, phone.credential)) == ServerErrorCode::MethodLast);
    const Enrolled tablet = stage.enroll(session);
    stage.change("UPDATE credential SET status = 'disabled' WHERE credential = '" + phone.credential + "'");
    CHECK(refusal_of(stage.remove(session, tablet.credential)) == ServerErrorCode::MethodLast);
    REQUIRE(stage.remove(session, phone.credential));  // a disabled one may go
    CHECK(refusal_of(stage.remove(session, tablet.credential)) == ServerErrorCode::MethodLast);
    // Nor may a disabled one go when it is all there is: without any, whoever came next would begin anew.
    stage.change("UPDATE credential SET status = 'disabled'");
    CHECK(refusal_of(stage.remove(session, tablet.credential)) == ServerErrorCode::MethodLast);
    CHECK(stage.number("SELECT count(*) FROM credential") == 1);
    CHECK(stage.number("SELECT count(*) FROM audit WHERE event = 'credential.removed' AND credential = '" +
                       phone.credential + "'") == 1);
}

TEST_CASE("a removed one signs in no more, and removing it again finds nothing [R8]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", phone.seed);
    const Enrolled tablet = stage.enroll(session);
    REQUIRE(stage.remove(session, phone.credential));
    stage.clock->pass(30);
    CHECK_FALSE(stage.verify("ann", stage.code(phone.seed)).value().ok);
    CHECK(refusal_of(stage.remove(session, phone.credential)) == ServerErrorCode::MethodUnknown);
    CHECK(stage.verify("ann", stage.code(tablet.seed)).value().ok);
}

TEST_CASE("removing voids what would replace it and what others have begun, not what its own session adds [R8] [U3]") {
    Stage stage;
    const Enrolled phone = stage.enroll("ann");
    const SessionCaller session = elevated_session(stage, "ann", phone.seed);
    const Enrolled tablet = stage.enroll(session);
    const Begun replacing = stage.begin(session, phone.credential).value();
    REQUIRE(stage.remove(session, phone.credential));
    CHECK(refusal_of(stage.confirm(session, replacing.pending_id, stage.code(seed_of(replacing)))) ==
          ServerErrorCode::EnrollmentPendingUnknown);

    const Begun adding = stage.begin(session).value();
    const Enrolled desk = stage.enroll(elevated_session(stage, "ann", tablet.seed));  // voids it
    CHECK(refusal_of(stage.confirm(session, adding.pending_id, stage.code(seed_of(adding)))) ==
          ServerErrorCode::EnrollmentPendingUnknown);
    const SessionCaller another = elevated_session(stage, "ann", desk.seed);
    const Begun kept = stage.begin(another).value();
    REQUIRE(stage.remove(another, tablet.credential));
    CHECK(stage.confirm(another, kept.pending_id, stage.code(seed_of(kept))).value().ok);
}

TEST_CASE("what was begun before the first binding is never confirmed after it [R2] [R8]") {
    Stage stage;
    const SessionCaller thief = stage.open_session("ann");
    const SessionCaller owner = stage.open_session("ann");
    const Begun stolen = stage.begin(thief).value();
    // Both may be there at once, if a store ever let them: the first confirmation takes the other along.
    stage.change("CREATE TABLE kept AS SELECT * FROM credential");
    const Begun own = stage.begin(owner).value();
    stage.change("INSERT INTO credential SELECT * FROM kept");
    REQUIRE(stage.number("SELECT count(*) FROM credential WHERE status = 'pending'") == 2);
    REQUIRE(stage.confirm(owner, own.pending_id, stage.code(seed_of(own))).value().ok);
    CHECK(refusal_of(stage.confirm(thief, stolen.pending_id, stage.code(seed_of(stolen)))) ==
          ServerErrorCode::EnrollmentPendingUnknown);
    // Even if it came back it would find the user bound, in whatever slot.
    stage.change("INSERT INTO credential SELECT * FROM kept");
    for (const std::string slot : {"0", "1"}) {
        stage.change("UPDATE credential SET slot = " + slot + " WHERE status = 'active'");
        CHECK(refusal_of(stage.confirm(thief, stolen.pending_id, stage.code(seed_of(stolen)))) ==
              ServerErrorCode::EnrollmentPendingUnknown);
    }
    CHECK(stage.number("SELECT count(*) FROM credential WHERE status = 'active'") == 1);
}

TEST_CASE("an import voids what is pending, and no import adds to what is there [R8] [R2]") {
    Stage stage;
    const auto import = [&](const std::string& user) {
        return stage.import_users("user,secret\n" + user + ",GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
    };
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    REQUIRE(import("ann"));
    CHECK(refusal_of(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending)))) ==
          ServerErrorCode::EnrollmentPendingUnknown);

    const Enrolled phone = stage.enroll("bob");
    const SessionCaller bob = elevated_session(stage, "bob", phone.seed);
    const Enrolled tablet = stage.enroll(bob);
    REQUIRE(stage.remove(bob, phone.credential));  // slot 0 is free, and still bob has one
    CHECK(refusal_of(import("bob")) == ServerErrorCode::ImportRowInvalid);
    CHECK(stage.methods_of("bob").size() == 1);
}

TEST_CASE("a pending one is shown to its own session and to the back end, to no other session [R2]") {
    Stage stage;
    const SessionCaller one = stage.open_session("ann");
    const SessionCaller two = stage.open_session("ann");
    const Begun pending = stage.begin(one, {}, "Phone").value();
    CHECK(stage.own_methods(one).methods.at(0).credential_id == pending.pending_id);
    CHECK(stage.own_methods(one).methods.at(0).name == "Phone");
    CHECK(stage.own_methods(two).methods.at(0).status == "not_configured");
    CHECK(stage.own_methods(two).methods.at(0).credential_id.empty());
    CHECK(stage.totp_of("ann").status == "pending");
    stage.clock->pass(600);
    CHECK(stage.own_methods(one).methods.at(0).status == "not_configured");
}

TEST_CASE("a replacement keeps the old one's name unless it is given another [U3]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun first = stage.begin(session, {}, "Téléphone").value();
    CHECK(stage.begin(session, {}, "Phone")->sealed == first.sealed);  // renamed, not made anew
    CHECK(stage.begin(session)->sealed == first.sealed);
    REQUIRE(stage.confirm(session, first.pending_id, stage.code(seed_of(first))).value().ok);
    CHECK(stage.totp_of("ann").name == "Phone");
    const SessionCaller elevated = elevated_session(stage, "ann", seed_of(first));
    const Enrolled second = stage.enroll(elevated, first.pending_id);
    CHECK(stage.totp_of("ann").name == "Phone");
    const Begun third = stage.begin(elevated, second.credential, "Tablet").value();
    REQUIRE(stage.confirm(elevated, third.pending_id, stage.code(seed_of(third))).value().ok);
    CHECK(stage.totp_of("ann").name == "Tablet");
    for (const std::string& name : {std::string(65, 'x'), std::string("a\nb"), std::string("a\0b", 3), std::string("\xff")}) {
        CHECK(refusal_of(stage.begin(elevated, {}, name)) == ServerErrorCode::RequestFieldInvalid);
    }
    CHECK(stage.begin(elevated, {}, std::string(64, 'x')));
}
