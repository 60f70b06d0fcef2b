// SPDX-License-Identifier: Apache-2.0
#include "app/challenge.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <deque>
#include <set>
#include <vector>

#include "policies.h"

using namespace countersign::server;

namespace {

constexpr std::array<Proof, kProofCount> kProofs{Proof::Totp,           Proof::Email,      Proof::Kba,
                                                 Proof::AlternateEmail, Proof::StaticCode, Proof::BackupCode};
constexpr Holdings kEverything{Holding::Active, Holding::Active, Holding::Active,
                               Holding::Active, Holding::Active, Holding::Active};

ChallengeStage running(ProofSet proven) { return {ChallengeState::Running, proven}; }

/// The ways in, each a list of proofs in their order, as the menu's rows say it.
std::vector<std::vector<Proof>> ways_in(const LoginCircumstances& at) {
    const Policy& policy = at.policy;
    std::vector<std::vector<Proof>> ways;
    if (policy.login_methods.totp) ways.push_back({Proof::Totp});
    if (policy.login_methods.email) ways.push_back({Proof::Email});
    const bool stands_in = (policy.login_methods.totp && at.holdings.totp != Holding::None) ||
                           (policy.login_methods.email && at.holdings.email != Holding::None);
    if (!at.first_factor || !stands_in) return ways;
    const auto& row = policy.forgot_phone;
    const bool chose = row.user_choice && !at.picked.empty();
    const auto open = [&](Alternate alternate) {
        if (!row.enabled) return false;
        return chose ? row.offered.has(alternate) && at.picked.has(alternate) : row.alternate == alternate;
    };
    if (open(Alternate::Kba)) ways.push_back({Proof::Kba});
    if (open(Alternate::KbaEmail)) ways.push_back({Proof::Kba, Proof::AlternateEmail});
    if (open(Alternate::Email)) ways.push_back({Proof::AlternateEmail});
    if (policy.security_codes.enabled && policy.security_codes.kind != CodeKind::Backup) ways.push_back({Proof::StaticCode});
    if (policy.security_codes.enabled && policy.security_codes.kind != CodeKind::Static) ways.push_back({Proof::BackupCode});
    return ways;
}

bool holds(const Holdings& user, Proof proof) {
    switch (proof) {
        case Proof::Totp: return user.totp != Holding::None;
        case Proof::Email: return user.email != Holding::None;
        case Proof::Kba: return user.kba != Holding::None;
        case Proof::AlternateEmail: return user.alternate_email != Holding::None;
        case Proof::StaticCode: return user.static_codes != Holding::None;
        case Proof::BackupCode: return user.backup_code != Holding::None;
    }
    return false;
}

bool passes(const std::vector<std::vector<Proof>>& ways, ProofSet proven) {
    return std::ranges::any_of(ways, [&](const auto& way) {
        return std::ranges::all_of(way, [&](Proof proof) { return proven.has(proof); });
    });
}

/// What may come next by the list of ways: the first of a way that is missing, where all of the way is set up.
ProofSet next_by(const std::vector<std::vector<Proof>>& ways, ProofSet proven, const Holdings& user) {
    ProofSet next;
    if (passes(ways, proven)) return next;
    for (const auto& way : ways) {
        if (!std::ranges::all_of(way, [&](Proof proof) { return holds(user, proof); })) continue;
        for (const Proof proof : way) {
            next = next.with(proof);
            if (!proven.has(proof)) break;
        }
    }
    return ProofSet::of(next.bits() & ~proven.bits());
}

/// Users who have all but one thing, all, or a disabled authenticator.
std::vector<Holdings> users() {
    std::vector<Holdings> all{kEverything};
    for (unsigned missing = 0; missing < 6; ++missing) {
        const auto has = [missing](unsigned i) { return i == missing ? Holding::None : Holding::Active; };
        all.push_back({has(0), has(1), has(2), has(3), has(4), has(5)});
    }
    Holdings disabled = kEverything;
    disabled.totp = Holding::Disabled;
    all.push_back(disabled);
    return all;
}

/// Calls `see` with each sound policy, user, pick and first factor.
template <class See>
void each_circumstance(See see) {
    const auto everybody = users();
    each_policy([&](const Policy& policy) {
        if (find_fault(policy)) return;
        for (const Holdings& user : everybody) {
            for (const AlternateSet picked : {AlternateSet{}, AlternateSet{Alternate::Email},
                                              AlternateSet{Alternate::Kba, Alternate::KbaEmail}}) {
                if (!policy.forgot_phone.user_choice && !picked.empty()) continue;
                for (const bool first_factor : {false, true}) see(LoginCircumstances{policy, user, picked, first_factor});
            }
        }
    });
}

Policy policy_of(Alternate alternate) {
    Policy policy;
    policy.forgot_phone = {true, alternate, false, {}};
    return policy;
}

LoginCircumstances at(const Policy& policy) { return {policy, kEverything, {}, true}; }

ProofSet set_of(std::initializer_list<Proof> proofs) {
    ProofSet set;
    for (const Proof proof : proofs) set = set.with(proof);
    return set;
}

/// The store's compare-and-set, on one row.
struct Row {
    ChallengeStage stage;
    bool apply(const Step& step) {
        if (!(stage == step.from)) return false;
        stage = step.to;
        return true;
    }
};

}  // namespace

TEST_CASE("from every stage exactly the proofs that policy, user and choice allow lead on, in every case [U6] [U11] "
          "[A2] [A3] [A4] [A5] [A7] [A8] [A9] [R5] [R6] [R24]",
          "[challenge]") {
    std::size_t stages = 0;
    std::size_t wrong = 0;
    each_circumstance([&](const LoginCircumstances& circumstances) {
        const auto ways = ways_in(circumstances);
        const ChallengeStage first = open_challenge(circumstances);
        const bool enroll = next_by(ways, {}, circumstances.holdings).empty() || login_offer(circumstances).enrollment_required();
        wrong += (first.state == ChallengeState::EnrollmentRequired) != enroll ? 1U : 0U;
        std::set<std::int64_t> seen{stage_number(first)};
        std::deque<ChallengeStage> waiting{first};
        while (!waiting.empty()) {
            const ChallengeStage stage = waiting.front();
            waiting.pop_front();
            ++stages;
            const bool is_open = stage.state == ChallengeState::Running;
            const ProofSet expected = is_open ? next_by(ways, stage.proven, circumstances.holdings) : ProofSet{};
            const ChallengeOffer offer = challenge_offer(stage, circumstances);
            wrong += offer.accepted == expected ? 0U : 1U;
            wrong += is_passed(stage, circumstances) == (is_open && passes(ways, stage.proven)) ? 0U : 1U;
            wrong += receipt_content(stage, circumstances).has_value() == is_passed(stage, circumstances) ? 0U : 1U;
            for (const Proof proof : kProofs) {
                const auto step = prove(stage, proof, circumstances);
                wrong += step.has_value() == expected.has(proof) ? 0U : 1U;
                if (!step) continue;
                wrong += step->from == stage && step->to.proven == stage.proven.with(proof) ? 0U : 1U;
                if (seen.insert(stage_number(step->to)).second) waiting.push_back(step->to);
            }
        }
    });
    CHECK(stages > 50'000);
    CHECK(wrong == 0);
}

TEST_CASE("whatever was proven is judged by the policy in force, for every policy and every set [R11]", "[challenge]") {
    std::size_t asked = 0;
    std::size_t wrong = 0;
    each_policy([&](const Policy& policy) {
        if (find_fault(policy)) return;
        const LoginCircumstances now{policy, kEverything, {}, true};
        const auto ways = ways_in(now);
        for (unsigned bits = 0; bits < 1U << kProofCount; ++bits) {
            ++asked;
            const ChallengeStage stage = running(ProofSet::of(bits));
            if (is_passed(stage, now) != passes(ways, stage.proven)) ++wrong;
            if (redeem(stage, now).has_value() != is_passed(stage, now)) ++wrong;
        }
    });
    CHECK(asked > 30'000);
    CHECK(wrong == 0);
}

TEST_CASE("security questions alone are enough until the policy asks for the mail, too [A2] [A3] [R11]", "[challenge]") {
    const auto loose = at(policy_of(Alternate::Kba));
    const auto strict = at(policy_of(Alternate::KbaEmail));
    const auto step = prove(open_challenge(loose), Proof::Kba, loose);
    REQUIRE(step);
    REQUIRE(is_passed(step->to, loose));
    CHECK_FALSE(is_passed(step->to, strict));
    CHECK_FALSE(receipt_content(step->to, strict));
    CHECK_FALSE(redeem(step->to, strict));
    CHECK(challenge_offer(step->to, strict).accepted == set_of({Proof::Totp, Proof::AlternateEmail}));

    Policy off;
    CHECK_FALSE(is_passed(step->to, at(off)));
    CHECK(challenge_offer(step->to, at(off)).accepted == set_of({Proof::Totp}));
}

TEST_CASE("no mail goes out before the questions were answered, where both are asked [A3] [R24]", "[challenge]") {
    const auto both = at(policy_of(Alternate::KbaEmail));
    const ChallengeStage open = open_challenge(both);
    CHECK_FALSE(challenge_offer(open, both).alternate_mail);
    CHECK_FALSE(prove(open, Proof::AlternateEmail, both));
    const auto answered = prove(open, Proof::Kba, both);
    REQUIRE(answered);
    CHECK_FALSE(is_passed(answered->to, both));
    CHECK(challenge_offer(answered->to, both).alternate_mail);
    CHECK_FALSE(prove(answered->to, Proof::Kba, both));
    const auto mailed = prove(answered->to, Proof::AlternateEmail, both);
    REQUIRE(mailed);
    CHECK(is_passed(mailed->to, both));
    CHECK(challenge_offer(open, at(policy_of(Alternate::Email))).alternate_mail);
    CHECK_FALSE(challenge_offer(mailed->to, both).alternate_mail);
}

TEST_CASE("without a first factor no fallback is taken, and none that was proven counts [R5]", "[challenge]") {
    Policy policy = policy_of(Alternate::Kba);
    policy.security_codes = {true, CodeKind::Both, 24};
    LoginCircumstances alone = at(policy);
    alone.first_factor = false;
    const ChallengeStage open = open_challenge(alone);
    CHECK(challenge_offer(open, alone).accepted == set_of({Proof::Totp}));
    for (const Proof proof : kProofs) {
        if (proof == Proof::Totp) continue;
        CHECK_FALSE(prove(open, proof, alone));
        CHECK_FALSE(is_passed(running(set_of({proof})), alone));
    }
}

TEST_CASE("a user without a second factor gets neither a step nor a receipt, whatever is claimed to be proven [R6]",
          "[challenge]") {
    Policy policy = policy_of(Alternate::Kba);
    policy.security_codes = {true, CodeKind::Both, 24};
    policy.allow_none = true;
    LoginCircumstances none = at(policy);
    none.holdings.totp = none.holdings.email = Holding::None;
    const ChallengeStage open = open_challenge(none);
    REQUIRE(open.state == ChallengeState::EnrollmentRequired);
    for (unsigned bits = 0; bits < 1U << kProofCount; ++bits) {
        const ChallengeStage stage{ChallengeState::EnrollmentRequired, ProofSet::of(bits)};
        for (const Proof proof : kProofs) CHECK_FALSE(prove(stage, proof, none));
        CHECK_FALSE(receipt_content(stage, none));
        CHECK_FALSE(redeem(stage, none));
    }
    for (const Proof proof : {Proof::Kba, Proof::AlternateEmail, Proof::StaticCode, Proof::BackupCode})
        CHECK_FALSE(is_passed(running(set_of({proof})), none));
}

TEST_CASE("a receipt names what was proven, and marks fallbacks and an administrator's code [R3] [R4]", "[challenge]") {
    Policy policy = policy_of(Alternate::KbaEmail);
    policy.security_codes = {true, CodeKind::Both, 24};
    policy.login_methods.email = true;
    const auto now = at(policy);
    const auto content = [&](std::initializer_list<Proof> proofs) { return receipt_content(running(set_of(proofs)), now); };
    CHECK(content({Proof::Totp}) == ReceiptContent{set_of({Proof::Totp}), false, false});
    CHECK(content({Proof::Email}) == ReceiptContent{set_of({Proof::Email}), false, false});
    CHECK(content({Proof::StaticCode}) == ReceiptContent{set_of({Proof::StaticCode}), true, false});
    CHECK(content({Proof::BackupCode}) == ReceiptContent{set_of({Proof::BackupCode}), true, true});
    CHECK(content({Proof::Kba, Proof::AlternateEmail})->fallback);
    CHECK(content({Proof::Kba, Proof::Totp})->fallback);
    CHECK_FALSE(content({Proof::Kba}));
    CHECK_FALSE(content({}));
}

TEST_CASE("of two steps from one stage one is carried out, and a receipt is redeemed once [R4] [R11] [L18]", "[challenge]") {
    Policy policy = policy_of(Alternate::Kba);
    const auto now = at(policy);
    Row row{open_challenge(now)};
    const auto by_phone = prove(row.stage, Proof::Totp, now);
    const auto by_questions = prove(row.stage, Proof::Kba, now);
    REQUIRE((by_phone && by_questions));
    CHECK(row.apply(*by_phone));
    CHECK_FALSE(row.apply(*by_questions));
    const auto first = redeem(row.stage, now);
    const auto second = redeem(row.stage, now);
    REQUIRE((first && second));
    CHECK(row.apply(*first));
    CHECK_FALSE(row.apply(*second));
    CHECK_FALSE(redeem(row.stage, now));
    CHECK_FALSE(receipt_content(row.stage, now));
    CHECK_FALSE(end_challenge(row.stage));
}

TEST_CASE("an ended challenge takes nothing more, also when everything was proven [L11]", "[challenge]") {
    const auto now = at(policy_of(Alternate::KbaEmail));
    for (unsigned bits = 0; bits < 1U << kProofCount; ++bits) {
        const auto step = end_challenge(running(ProofSet::of(bits)));
        REQUIRE(step);
        CHECK(step->to.state == ChallengeState::Ended);
        CHECK_FALSE(is_passed(step->to, now));
        CHECK_FALSE(redeem(step->to, now));
        CHECK(challenge_offer(step->to, now) == ChallengeOffer{});
        CHECK_FALSE(end_challenge(step->to));
    }
}

TEST_CASE("a stage and its number are one, and other numbers are no stage", "[challenge]") {
    for (std::int64_t number = 0; number < 4 << kProofCount; ++number) {
        const auto stage = stage_of(number);
        REQUIRE(stage);
        CHECK(stage_number(*stage) == number);
    }
    CHECK_FALSE(stage_of(-1));
    CHECK_FALSE(stage_of(4 << kProofCount));
    CHECK_FALSE(stage_of(std::int64_t{1} << 40));
    std::set<std::string_view> names;
    for (const Proof proof : kProofs) names.insert(proof_name(proof));
    CHECK(names.size() == kProofs.size());
}
