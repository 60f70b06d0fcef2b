// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "http/policy_codec.h"
#include "stage.h"

// A second factor may be an authenticator or OTP over email, and what guards the one has to guard the other. An
// authenticator whose row is renamed serves as somebody's confirmed address here: of such a row the store reads
// method and status alone.

using namespace countersign;
using namespace countersign::server;

namespace {

void turn_into_email(Stage& stage, const std::string& credential) {
    stage.change("UPDATE credential SET method = 'email' WHERE credential = '" + credential + "'");
}

template <class Change>
void change_policy(Stage& stage, Change change) {
    Policy policy;
    change(policy);
    const auto policies = Policies::open(stage.data, json_policy_form(), stage.clock).value();
    REQUIRE(policies->save("default", policy, "test", {}));
}

}  // namespace

TEST_CASE("who has OTP over email alone proves it before an authenticator is begun [R2]") {
    Stage stage;
    turn_into_email(stage, stage.enroll("ann").credential);
    const auto begun = stage.begin(stage.open_session("ann"));
    REQUIRE_FALSE(begun);
    CHECK(begun.error().code == ServerErrorCode::AuthStepUpRequired);
}

TEST_CASE("an authenticator begun before the email was confirmed is not confirmed after it [R2]") {
    Stage stage;
    const SessionCaller thief = stage.open_session("ann");
    const Begun begun = stage.begin(thief).value();
    const Enrolled owners = stage.enroll("bob");
    stage.change("UPDATE credential SET method = 'email', user = 'ann' WHERE credential = '" + owners.credential + "'");
    const Secret seed = seed_of(begun);
    const auto confirmed = stage.confirm(thief, begun.pending_id, stage.code(seed));
    REQUIRE_FALSE(confirmed);
    CHECK(confirmed.error().code == ServerErrorCode::EnrollmentPendingUnknown);
}

TEST_CASE("the authenticator beside an email that no login takes is the last one [R6]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Enrolled first = stage.enroll(session);
    stage.clock->pass(60);
    REQUIRE(stage.elevate(session, stage.code(first.seed)).value().ok);
    const Enrolled second = stage.enroll(session);
    turn_into_email(stage, first.credential);
    CHECK(stage.remove(session, second.credential).error().code == ServerErrorCode::MethodLast);

    change_policy(stage, [](Policy& policy) { policy.login_methods.email = true; });
    CHECK(stage.remove(session, second.credential));
}

TEST_CASE("where the policy allows none, the last one goes and takes what stood in for it along [R6]") {
    Stage stage;
    change_policy(stage, [](Policy& policy) { policy.allow_none = true; });
    const SessionCaller session = stage.open_session("ann");
    const Enrolled codes = stage.enroll(session);
    stage.clock->pass(60);
    REQUIRE(stage.elevate(session, stage.code(codes.seed)).value().ok);
    const Enrolled only = stage.enroll(session);
    stage.change("UPDATE credential SET method = 'static_codes' WHERE credential = '" + codes.credential + "'");
    REQUIRE(stage.remove(session, only.credential));
    CHECK(stage.number("SELECT count(*) FROM credential WHERE user = 'ann'") == 0);
    CHECK_FALSE(stage.own_methods(session).step_up_required);
}
