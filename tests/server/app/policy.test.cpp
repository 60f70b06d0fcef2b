// SPDX-License-Identifier: Apache-2.0
#include "app/policy.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <string>

#include "policies.h"

using namespace countersign;
using namespace countersign::server;

namespace {

/// A sound policy after one change.
std::string fault_of(const std::function<void(Policy&)>& change) {
    Policy policy;
    change(policy);
    const auto fault = find_fault(policy);
    if (!fault) return "";
    CHECK(fault->sentence.ends_with("."));
    return std::string(fault->code) + " " + std::string(fault->field);
}

}  // namespace

TEST_CASE("by default there is no fallback, no code by email, no security code [A1] [A6] [A12]", "[policy]") {
    const Policy policy;
    CHECK_FALSE(find_fault(policy));
    CHECK_FALSE(policy.forgot_phone.enabled);
    CHECK_FALSE(policy.forgot_phone.user_choice);
    CHECK_FALSE(policy.security_codes.enabled);
    CHECK(policy.login_methods.totp);
    CHECK_FALSE(policy.login_methods.email);
    CHECK_FALSE(policy.allow_none);
    CHECK(policy.security_codes.backup_code_hours == 24);
    CHECK(policy.recovery_hold_hours == 24);
    CHECK(policy.kba.questions == 3);
    CHECK(effective_alternates(policy, {Alternate::Kba, Alternate::Email}).empty());
    CHECK_FALSE(allows_static_codes(policy));
    CHECK_FALSE(allows_backup_codes(policy));
}

TEST_CASE("each contradiction is refused by its code and its field [A10]", "[policy]") {
    CHECK(fault_of([](Policy&) {}).empty());
    CHECK(fault_of([](Policy& p) { p.login_methods.totp = false; }) == "policy.no_login_method login_methods");
    CHECK(fault_of([](Policy& p) { p.login_methods = {false, true}; }).empty());
    CHECK(fault_of([](Policy& p) { p.allow_none = p.require_setup = true; }) == "policy.none_but_required require_setup");
    CHECK(fault_of([](Policy& p) { p.allow_none = true; }).empty());
    CHECK(fault_of([](Policy& p) { p.forgot_phone.user_choice = true; p.forgot_phone.offered = {}; }) ==
          "policy.selected_not_offered forgot_phone.offered");
    CHECK(fault_of([](Policy& p) { p.forgot_phone.user_choice = true; p.forgot_phone.offered = {Alternate::Kba}; }) ==
          "policy.selected_not_offered forgot_phone.offered");
    CHECK(fault_of([](Policy& p) { p.forgot_phone.offered = {}; }).empty());
    CHECK(fault_of([](Policy& p) { p.kba.catalog = false; }) == "policy.no_questions kba");
    CHECK(fault_of([](Policy& p) { p.kba.catalog = false; p.kba.own = true; }).empty());
    CHECK(fault_of([](Policy& p) { p.counting.pause_start_seconds = 3600; p.counting.pause_cap_seconds = 3599; }) ==
          "policy.pause_cap_too_low counting.pause_cap_seconds");
    CHECK(fault_of([](Policy& p) { p.counting.notice_at = p.counting.disable_at = 60; }) ==
          "policy.disabled_before_notice counting.notice_at");
}

TEST_CASE("each number has its range, both ends included [A10] [R3]", "[policy]") {
    struct Row {
        const char* field;
        std::function<int&(Policy&)> number;
        int least;
        int most;
    };
    const Row rows[] = {
        {"security_codes.backup_code_hours", [](Policy& p) -> int& { return p.security_codes.backup_code_hours; }, 1, 168},
        {"kba.questions", [](Policy& p) -> int& { return p.kba.questions; }, 1, 10},
        {"totp.past_steps", [](Policy& p) -> int& { return p.totp.past_steps; }, 0, 1},
        {"totp.future_steps", [](Policy& p) -> int& { return p.totp.future_steps; }, 0, 1},
        {"email_codes.digits", [](Policy& p) -> int& { return p.email_codes.digits; }, 6, 8},
        {"email_codes.life_seconds", [](Policy& p) -> int& { return p.email_codes.life_seconds; }, 60, 600},
        {"email_codes.tries", [](Policy& p) -> int& { return p.email_codes.tries; }, 1, 5},
        {"counting.pause_from_failure", [](Policy& p) -> int& { return p.counting.pause_from_failure; }, 1, 10},
        {"counting.pause_start_seconds", [](Policy& p) -> int& { return p.counting.pause_start_seconds; }, 30, 3600},
        {"counting.pause_cap_seconds", [](Policy& p) -> int& { return p.counting.pause_cap_seconds; }, 30, 86400},
        {"counting.notice_at", [](Policy& p) -> int& { return p.counting.notice_at; }, 10, 99},
        {"counting.disable_at", [](Policy& p) -> int& { return p.counting.disable_at; }, 20, 100},
        {"recovery_hold_hours", [](Policy& p) -> int& { return p.recovery_hold_hours; }, 0, 168},
        {"alternate_hold_hours", [](Policy& p) -> int& { return p.alternate_hold_hours; }, 0, 168},
    };
    for (const Row& row : rows) {
        const auto set_to = [&row](int value) { return fault_of([&](Policy& p) { row.number(p) = value; }); };
        const std::string out_of_range = std::string("policy.out_of_range ") + row.field;
        CAPTURE(row.field);
        CHECK(set_to(row.least - 1) == out_of_range);
        CHECK(set_to(row.most + 1) == out_of_range);
        CHECK(set_to(-2147483647 - 1) == out_of_range);
        CHECK(set_to(2147483647) == out_of_range);
        CHECK(set_to(row.least) != out_of_range);
        CHECK(set_to(row.most) != out_of_range);
    }
}

TEST_CASE("a user's pick is intersected with what is ticked when it is read [A5] [U10] [R11]", "[policy]") {
    const AlternateSet all{Alternate::Kba, Alternate::KbaEmail, Alternate::Email};
    Policy policy;
    policy.forgot_phone = {true, Alternate::Kba, true, {Alternate::Kba, Alternate::KbaEmail}};
    CHECK(effective_alternates(policy, {}) == AlternateSet{Alternate::Kba});
    CHECK(effective_alternates(policy, {Alternate::KbaEmail}) == AlternateSet{Alternate::KbaEmail});
    CHECK(effective_alternates(policy, all) == policy.forgot_phone.offered);
    CHECK(effective_alternates(policy, {Alternate::Email}).empty());
    policy.forgot_phone.user_choice = false;
    CHECK(effective_alternates(policy, all) == AlternateSet{Alternate::Kba});
    policy.forgot_phone.enabled = false;
    CHECK(effective_alternates(policy, all).empty());
}

TEST_CASE("no user's pick opens what is neither selected nor ticked [A2] [A3] [A4] [A5]", "[policy]") {
    std::size_t asked = 0;
    std::set<std::string> wrong;
    each_policy([&](const Policy& policy) {
        for (const AlternateSet picked : every_alternate_set()) {
            const AlternateSet open = effective_alternates(policy, picked);
            for (const Alternate alternate : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email}) {
                ++asked;
                // Written from the menu's rows, not from the code.
                const auto& row = policy.forgot_phone;
                bool expected = false;
                if (row.enabled && !row.user_choice) expected = row.alternate == alternate;
                if (row.enabled && row.user_choice && picked == AlternateSet{}) expected = row.alternate == alternate;
                if (row.enabled && row.user_choice && !(picked == AlternateSet{}))
                    expected = row.offered.has(alternate) && picked.has(alternate);
                if (open.has(alternate) != expected) wrong.insert(std::string(alternate_name(alternate)));
            }
        }
    });
    CHECK(asked > 5'000);
    CHECK(wrong.empty());
}

TEST_CASE("every sound policy can be judged by the guess budget, with the alternates that are open [A5]", "[policy]") {
    std::size_t sound = 0;
    each_policy([&](const Policy& policy) {
        if (find_fault(policy)) return;
        ++sound;
        const SecondFactorPolicy core = second_factor_policy(policy);
        if (!check_policy(core)) FAIL("the core refuses a policy that is sound here");
        const AlternateSet widest = effective_alternates(policy, {Alternate::Kba, Alternate::KbaEmail, Alternate::Email});
        if (!core.forgot_phone) return;
        if (core.alternate_kba != widest.has(Alternate::Kba) || core.alternate_email != widest.has(Alternate::Email) ||
            core.alternate_kba_email != widest.has(Alternate::KbaEmail))
            FAIL("the budget counts other alternates than those that are open");
    });
    CHECK(sound > 500);
}

TEST_CASE("names of alternates and kinds read back, and nothing else does", "[policy]") {
    for (const Alternate each : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email})
        CHECK(parse_alternate(alternate_name(each)) == each);
    for (const CodeKind each : {CodeKind::Static, CodeKind::Backup, CodeKind::Both})
        CHECK(parse_code_kind(code_kind_name(each)) == each);
    for (const char* other : {"", "KBA", "kba ", "none", "kba+email"}) {
        CHECK_FALSE(parse_alternate(other));
        CHECK_FALSE(parse_code_kind(other));
    }
}
