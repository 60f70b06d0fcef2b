// SPDX-License-Identifier: Apache-2.0
// What a login offers, for every policy, every user and every choice, against the menu's rows written anew.
#include "app/login_offer.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "policies.h"

using namespace countersign::server;

namespace {

Holding when(bool held) { return held ? Holding::Active : Holding::None; }

/// Each user by what he has: 64 of them.
template <class See>
void each_user(See see) {
    for (unsigned bits = 0; bits < 64; ++bits) {
        const auto has = [bits](unsigned i) { return when((bits >> i & 1U) != 0); };
        see(Holdings{has(0), has(1), has(2), has(3), has(4), has(5)});
    }
}

/// The menu as a list of words; kept apart from the code's structures on purpose.
std::set<std::string> menu(const LoginCircumstances& at) {
    const Policy& policy = at.policy;
    const Holdings& user = at.holdings;
    const auto has = [](Holding holding) { return holding == Holding::Active || holding == Holding::Disabled; };
    std::set<std::string> shown;
    if (policy.login_methods.totp && has(user.totp)) shown.insert("A12 totp");
    if (policy.login_methods.email && has(user.email)) shown.insert("U11 email");
    if (shown.empty()) return {"R6 enroll"};
    if (!at.first_factor) return shown;  // R5

    std::set<std::string> ticked;
    const auto tick = [&](AlternateSet set) {
        if (set.has(Alternate::Kba)) ticked.insert("A2");
        if (set.has(Alternate::KbaEmail)) ticked.insert("A3");
        if (set.has(Alternate::Email)) ticked.insert("A4");
    };
    if (policy.forgot_phone.enabled) {  // A1
        const bool chose = policy.forgot_phone.user_choice && !at.picked.empty();  // A5
        if (!chose) tick({policy.forgot_phone.alternate});
        else for (const Alternate each : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email})
            if (at.picked.has(each) && policy.forgot_phone.offered.has(each)) tick({each});
    }
    if (ticked.contains("A2") && has(user.kba)) shown.insert("A2");
    if (ticked.contains("A3") && has(user.kba) && has(user.alternate_email)) shown.insert("A3");
    if (ticked.contains("A4") && has(user.alternate_email)) shown.insert("A4");
    const auto& codes = policy.security_codes;
    if (codes.enabled && (codes.kind == CodeKind::Static || codes.kind == CodeKind::Both) && has(user.static_codes))
        shown.insert("A7");
    if (codes.enabled && (codes.kind == CodeKind::Backup || codes.kind == CodeKind::Both) && has(user.backup_code))
        shown.insert("A8");
    return shown;
}

std::set<std::string> words_of(const LoginOffer& offer) {
    std::set<std::string> shown;
    if (offer.totp) shown.insert("A12 totp");
    if (offer.email) shown.insert("U11 email");
    if (offer.enrollment_required()) shown.insert("R6 enroll");
    if (offer.alternates.has(Alternate::Kba)) shown.insert("A2");
    if (offer.alternates.has(Alternate::KbaEmail)) shown.insert("A3");
    if (offer.alternates.has(Alternate::Email)) shown.insert("A4");
    if (offer.static_codes) shown.insert("A7");
    if (offer.backup_code) shown.insert("A8");
    return shown;
}

}  // namespace

TEST_CASE("a login offers exactly what policy, user and choice allow, in every case [U6] [U11] [A2] [A3] [A4] [A5] "
          "[A7] [A8] [A9] [A12] [R5] [R6] [R11]",
          "[login_offer]") {
    std::size_t asked = 0;
    std::size_t wrong = 0;
    each_policy([&](const Policy& policy) {
        if (find_fault(policy)) return;
        each_user([&](const Holdings& holdings) {
            for (const AlternateSet picked : {AlternateSet{}, AlternateSet{Alternate::Kba},
                                              AlternateSet{Alternate::KbaEmail, Alternate::Email}}) {
                for (const bool first_factor : {false, true}) {
                    const LoginCircumstances at{policy, holdings, picked, first_factor};
                    ++asked;
                    if (words_of(login_offer(at)) != menu(at)) ++wrong;
                }
            }
        });
    });
    CHECK(asked > 300'000);
    CHECK(wrong == 0);
}

TEST_CASE("a disabled method stands at login like an active one, and is never a reason to enroll anew [R6] [R13] [R14]",
          "[login_offer]") {
    Policy policy;
    policy.security_codes = {true, CodeKind::Backup, 24};
    Holdings active{Holding::Active, {}, {}, {}, {}, Holding::Active};
    Holdings disabled{Holding::Disabled, {}, {}, {}, {}, Holding::Active};
    const LoginOffer offer = login_offer({policy, disabled, {}, true});
    CHECK_FALSE(offer.enrollment_required());
    CHECK(offer == login_offer({policy, active, {}, true}));
    CHECK(offer.backup_code);  // the way back
}

TEST_CASE("who has only fallbacks has no second factor and has to enroll [R6]", "[login_offer]") {
    Policy policy;
    policy.login_methods = {true, true};
    policy.security_codes = {true, CodeKind::Both, 24};
    policy.forgot_phone = {true, Alternate::Kba, false, {}};
    const Holdings fallbacks{{}, {}, Holding::Active, Holding::Active, Holding::Active, Holding::Active};
    const LoginOffer offer = login_offer({policy, fallbacks, {}, true});
    CHECK(offer.enrollment_required());
    CHECK_FALSE(offer.any_fallback());
}
