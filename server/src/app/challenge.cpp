// SPDX-License-Identifier: Apache-2.0
#include "app/challenge.h"

#include <array>

namespace countersign::server {
namespace {

constexpr std::array<std::string_view, kProofCount> kProofNames{"totp",            "email",       "kba",
                                                                "alternate_email", "static_code", "backup_code"};

bool is_running(const ChallengeStage& stage) noexcept { return stage.state == ChallengeState::Running; }

/// Whether the policy, were nothing more asked, lets these alternates in by what is proven.
bool alternate_passed(AlternateSet open, ProofSet proven) noexcept {
    const bool kba = proven.has(Proof::Kba);
    const bool mail = proven.has(Proof::AlternateEmail);
    return (open.has(Alternate::Kba) && kba) || (open.has(Alternate::Email) && mail) ||
           (open.has(Alternate::KbaEmail) && kba && mail);
}

/// What is open to this challenge whether or not it is still set up: a code that was right stays right when its
/// owner changes the method afterwards. What there must be is a second factor that the fallback stands in for.
struct OpenWays {
    bool totp = false;
    bool email = false;
    AlternateSet alternates;
    bool static_codes = false;
    bool backup_code = false;
};

OpenWays open_ways(const LoginCircumstances& at) noexcept {
    OpenWays open{at.policy.login_methods.totp, at.policy.login_methods.email, {}, false, false};
    if (!at.first_factor || login_offer(at).enrollment_required()) return open;
    open.alternates = effective_alternates(at.policy, at.picked);
    open.static_codes = allows_static_codes(at.policy);
    open.backup_code = allows_backup_codes(at.policy);
    return open;
}

}  // namespace

std::string_view proof_name(Proof proof) noexcept { return kProofNames[static_cast<std::size_t>(proof)]; }

bool is_fallback(Proof proof) noexcept { return proof != Proof::Totp && proof != Proof::Email; }

std::int64_t stage_number(const ChallengeStage& stage) noexcept {
    return static_cast<std::int64_t>(stage.state) << kProofCount | static_cast<std::int64_t>(stage.proven.bits());
}

std::optional<ChallengeStage> stage_of(std::int64_t number) noexcept {
    constexpr std::int64_t kStates = static_cast<std::int64_t>(ChallengeState::Ended) + 1;
    if (number < 0 || number >= kStates << kProofCount) return std::nullopt;
    return ChallengeStage{static_cast<ChallengeState>(number >> kProofCount), ProofSet::of(static_cast<unsigned>(number))};
}

ChallengeStage open_challenge(const LoginCircumstances& at) noexcept {
    return {login_offer(at).enrollment_required() ? ChallengeState::EnrollmentRequired : ChallengeState::Running, {}};
}

ChallengeOffer challenge_offer(const ChallengeStage& stage, const LoginCircumstances& at) noexcept {
    ChallengeOffer now;
    if (!is_running(stage) || is_passed(stage, at)) return now;
    const LoginOffer offer = login_offer(at);
    const auto take = [&](Proof proof, bool open) {
        if (open && !stage.proven.has(proof)) now.accepted = now.accepted.with(proof);
    };
    take(Proof::Totp, offer.totp);
    take(Proof::Email, offer.email);
    take(Proof::Kba, offer.alternates.has(Alternate::Kba) || offer.alternates.has(Alternate::KbaEmail));
    take(Proof::AlternateEmail, offer.alternates.has(Alternate::Email) ||
                                    (offer.alternates.has(Alternate::KbaEmail) && stage.proven.has(Proof::Kba)));
    take(Proof::StaticCode, offer.static_codes);
    take(Proof::BackupCode, offer.backup_code);
    now.email_mail = now.accepted.has(Proof::Email);
    now.alternate_mail = now.accepted.has(Proof::AlternateEmail);
    return now;
}

std::optional<Step> prove(const ChallengeStage& stage, Proof proof, const LoginCircumstances& at) noexcept {
    if (!challenge_offer(stage, at).accepted.has(proof)) return std::nullopt;
    return Step{stage, {stage.state, stage.proven.with(proof)}};
}

bool is_passed(const ChallengeStage& stage, const LoginCircumstances& at) noexcept {
    if (!is_running(stage)) return false;
    const OpenWays open = open_ways(at);
    const ProofSet proven = stage.proven;
    return (open.totp && proven.has(Proof::Totp)) || (open.email && proven.has(Proof::Email)) ||
           alternate_passed(open.alternates, proven) || (open.static_codes && proven.has(Proof::StaticCode)) ||
           (open.backup_code && proven.has(Proof::BackupCode));
}

std::optional<ReceiptContent> receipt_content(const ChallengeStage& stage, const LoginCircumstances& at) noexcept {
    if (!is_passed(stage, at)) return std::nullopt;
    ReceiptContent content{stage.proven, false, stage.proven.has(Proof::BackupCode)};
    for (int i = 0; i < kProofCount; ++i) {
        const auto proof = static_cast<Proof>(i);
        if (stage.proven.has(proof) && is_fallback(proof)) content.fallback = true;
    }
    return content;
}

std::optional<Step> redeem(const ChallengeStage& stage, const LoginCircumstances& at) noexcept {
    if (!is_passed(stage, at)) return std::nullopt;
    return Step{stage, {ChallengeState::Redeemed, stage.proven}};
}

std::optional<Step> end_challenge(const ChallengeStage& stage) noexcept {
    if (!is_running(stage)) return std::nullopt;
    return Step{stage, {ChallengeState::Ended, stage.proven}};
}

}  // namespace countersign::server
