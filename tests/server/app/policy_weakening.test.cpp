// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

#include "app/policy_weakening.h"
#include "policies.h"

using namespace countersign::server;

namespace {

/// What differs, from the stricter to the looser side.
struct Loosening {
    const char* name;
    void (*apply)(Policy& policy);
};

constexpr std::array<Loosening, 18> kLoosenings{{
    {"no second factor", [](Policy& p) { p.allow_none = true; }},
    {"no set-up asked for", [](Policy& p) { p.require_setup = false; }},
    {"Forgot My Phone", [](Policy& p) { p.forgot_phone.enabled = true; }},
    {"static codes", [](Policy& p) { p.security_codes.enabled = true; }},
    {"longer backup codes", [](Policy& p) { p.security_codes.backup_code_hours = 25; }},
    {"fewer questions", [](Policy& p) { p.kba.questions = 2; }},
    {"own questions", [](Policy& p) { p.kba.own = true; }},
    {"a step before", [](Policy& p) { p.totp.past_steps = 1; }},
    {"a step after", [](Policy& p) { p.totp.future_steps = 1; }},
    {"shorter mailed codes", [](Policy& p) { p.email_codes.digits = 6; }},
    {"mailed codes that live longer", [](Policy& p) { p.email_codes.life_seconds = 600; }},
    {"more tries at a mailed code", [](Policy& p) { p.email_codes.tries = 5; }},
    {"a later pause", [](Policy& p) { p.counting.pause_from_failure = 6; }},
    {"a shorter pause", [](Policy& p) { p.counting.pause_start_seconds = 30; }},
    {"a lower cap", [](Policy& p) { p.counting.pause_cap_seconds = 3599; }},
    {"a later end", [](Policy& p) { p.counting.disable_at = 100; }},
    {"a shorter hold of recoveries", [](Policy& p) { p.recovery_hold_hours = 23; }},
    {"a shorter hold of addresses", [](Policy& p) { p.alternate_hold_hours = 23; }},
}};

Policy strict() {
    Policy policy;
    policy.require_setup = true;
    policy.totp = {0, 0};
    policy.email_codes = {8, 300, 3};
    policy.counting.pause_start_seconds = 60;
    policy.counting.disable_at = 90;
    return policy;
}

}  // namespace

TEST_CASE("each looser switch and number weakens, and its way back does not [R3] [A10]") {
    for (const Loosening& loosening : kLoosenings) {
        INFO(loosening.name);
        Policy loose = strict();
        loosening.apply(loose);
        REQUIRE_FALSE(loose == strict());
        CHECK(weakens(strict(), loose));
        CHECK_FALSE(weakens(loose, strict()));
    }
}

TEST_CASE("a login method weakens as it is turned on, and as it is turned off from under those who have it alone [R3]") {
    Policy both = strict();
    both.login_methods = {true, true};
    for (const Policy::LoginMethods alone : {Policy::LoginMethods{true, false}, Policy::LoginMethods{false, true}}) {
        Policy one = strict();
        one.login_methods = alone;
        CHECK(weakens(one, both));
        CHECK(weakens(both, one));
    }
}

TEST_CASE("one loosening counts however much else is made stricter [R3]") {
    for (const Loosening& loosening : kLoosenings) {
        INFO(loosening.name);
        Policy mixed = strict();
        mixed.recovery_hold_hours = 168;
        mixed.counting.notice_at = 10;
        loosening.apply(mixed);
        CHECK(weakens(strict(), mixed));
    }
}

TEST_CASE("ways in: a change weakens where a user can have one more open, and only there [R3] [A1] [A5] [A7]") {
    std::vector<Policy> all;
    each_policy([&](const Policy& policy) {
        if (!find_fault(policy) && policy.login_methods.totp && !policy.login_methods.email) all.push_back(policy);
    });
    REQUIRE(all.size() > 100);
    // By what is proven: some answers or mail would pass now and would not have before.
    const auto passes = [](AlternateSet open, bool kba, bool mail) {
        return (open.has(Alternate::Kba) && kba) || (open.has(Alternate::Email) && mail) ||
               (open.has(Alternate::KbaEmail) && kba && mail);
    };
    const auto opens_more = [&](const Policy& before, const Policy& after) {
        return std::ranges::any_of(every_alternate_set(), [&](AlternateSet picked) {
            const AlternateSet was = effective_alternates(before, picked);
            const AlternateSet is = effective_alternates(after, picked);
            const auto newly = [&](bool kba, bool mail) { return passes(is, kba, mail) && !passes(was, kba, mail); };
            return newly(true, false) || newly(false, true) || newly(true, true);
        });
    };
    for (const Policy& before : all) {
        for (const Policy& after : all) {
            const bool wider = opens_more(before, after) ||
                               (allows_static_codes(after) && !allows_static_codes(before)) ||
                               (allows_backup_codes(after) && !allows_backup_codes(before));
            if (weakens(before, after) != wider) FAIL_CHECK("a way opens unseen, or none does and one is seen");
        }
    }
}

TEST_CASE("a weaker selection for users who never chose weakens, though nothing new is ticked [R3] [A5]") {
    Policy before;
    before.forgot_phone = {true, Alternate::KbaEmail, true, {Alternate::Kba, Alternate::KbaEmail}};
    Policy after = before;
    after.forgot_phone.alternate = Alternate::Kba;
    CHECK(weakens(before, after));
    after.forgot_phone.user_choice = false;  // nor may it hide behind taking the choice away
    CHECK(weakens(before, after));
}

TEST_CASE("questions and mail together are no weaker than either alone [R3] [A3]") {
    for (const Alternate alone : {Alternate::Kba, Alternate::Email}) {
        Policy before;
        before.forgot_phone = {true, alone, true, {Alternate::Kba, Alternate::KbaEmail, Alternate::Email}};
        Policy after = before;
        after.forgot_phone.alternate = Alternate::KbaEmail;
        CHECK_FALSE(weakens(before, after));
        CHECK(weakens(after, before));
    }
}

TEST_CASE("a policy saved as it is weakens nothing [R3]") {
    each_policy([](const Policy& policy) {
        if (weakens(policy, policy)) FAIL_CHECK("it does");
    });
}
