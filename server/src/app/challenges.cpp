// SPDX-License-Identifier: Apache-2.0
#include "app/challenges.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/code_meter.h"
#include "app/outbox_store.h"
#include "app/refusal.h"
#include "app/tokens.h"

namespace countersign::server {
namespace {

constexpr std::string_view kKba = "kba";
/// For somebody who has shown no first factor (R5).
constexpr std::string_view kUntoldAddress = "\u2022\u2022\u2022\u2022";

/// One method of an answer, with the proofs that it may come to.
struct Way {
    std::string_view method;
    ProofSet proofs;
};

ProofSet one(Proof proof) { return ProofSet().with(proof); }

const std::array<Way, 5>& ways() {
    static const std::array<Way, 5> kWays{{
        {"totp", one(Proof::Totp)},
        {kEmail, one(Proof::Email)},
        {kSecurityCode, one(Proof::StaticCode).with(Proof::BackupCode)},
        {kKba, one(Proof::Kba)},
        {kAlternateEmail, one(Proof::AlternateEmail)},
    }};
    return kWays;
}

bool meets(ProofSet one_set, ProofSet other) { return (one_set.bits() & other.bits()) != 0; }

/// The proofs of a method; none for a word that is no method.
ProofSet proofs_of(std::string_view method) {
    const auto way = std::ranges::find(ways(), method, &Way::method);
    return way == ways().end() ? ProofSet{} : way->proofs;
}

std::string_view state_of(const ChallengeStage& stage, const LoginCircumstances& at) {
    switch (stage.state) {
        case ChallengeState::EnrollmentRequired: return "enrollment_required";
        case ChallengeState::Redeemed:
        case ChallengeState::Ended: return "ended";
        case ChallengeState::Running: break;
    }
    if (is_passed(stage, at)) return "passed";
    return login_offer(at).enrollment_required() ? "enrollment_required" : "open";
}

bool is_attempt_id(std::string_view id) {
    return id.size() >= 16 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
}

/// What each proof that is taken now makes of the challenge.
void judge_proofs(const ChallengeStage& stage, const LoginCircumstances& at, ProofSet asked, ChallengeToAdvance& to) {
    for (int i = 0; i < kProofCount; ++i) {
        const auto proof = static_cast<Proof>(i);
        if (!asked.has(proof)) continue;
        const auto step = prove(stage, proof, at);
        if (!step) continue;
        const auto content = receipt_content(step->to, at);
        to.next[static_cast<std::size_t>(i)] = NextStage{stage_number(step->to), content.has_value(),
                                                         content && content->fallback, content && content->recovery};
    }
}

}  // namespace

Answer<ChallengeRecord> Challenges::open(const AppCaller& caller, const OpenSessionRequest& request, UnixSeconds now) {
    ChallengeRecord challenge;
    challenge.realm = caller.realm;
    challenge.user = request.user;
    challenge.id = make_random_id("chl_");
    challenge.app_key = caller.key_id;
    challenge.receipt_purpose = request.receipt_purpose.value_or("");
    challenge.context = request.context.value_or("");
    if (request.first_factor) {
        challenge.first_factor_method = request.first_factor->method;
        challenge.first_factor_at = request.first_factor->at;
    }
    challenge.created_at = now;
    challenge.expires_at = UnixSeconds{now.value + kChallengeSeconds};
    const auto at = circumstances(caller.realm, request.user, request.first_factor.has_value(), now);
    if (!at) return tl::unexpected(at.error());
    challenge.stage = open_challenge(at->at);
    return challenge;
}

Answer<Challenges::Circumstances> Challenges::circumstances(const std::string& realm, const std::string& user,
                                                            bool first_factor, UnixSeconds now) {
    auto found = with_.store.find_circumstances(realm, user, now);
    if (!found) return tl::unexpected(std::move(found.error()));
    auto policy = with_.codes.read_policy(realm, found->policy);
    if (!policy) return tl::unexpected(std::move(policy.error()));
    if (with_.mail == nullptr) found->holdings.email = found->holdings.alternate_email = Holding::None;
    if (with_.questions == nullptr) found->holdings.kba = Holding::None;
    return Circumstances{policy->version, {policy->policy, found->holdings, found->picked, first_factor},
                         found->last_recovered};
}

Answer<Challenges::Judged> Challenges::judge(const std::string& realm, const std::string& user,
                                             const std::string& challenge, const std::string& attempt, UnixSeconds now) {
    auto found = with_.store.find_challenge(realm, user, challenge, attempt);
    if (!found) return tl::unexpected(std::move(found.error()));
    if (!*found) return refuse(ServerErrorCode::AuthInvalid);
    auto at = circumstances(realm, user, !(*found)->challenge.first_factor_method.empty(), now);
    if (!at) return tl::unexpected(std::move(at.error()));
    return Judged{std::move(**found), *at, now};
}

Answer<Challenges::Judged> Challenges::judge_own(const SessionCaller& caller, const std::string& attempt) {
    const auto now = with_.time_for_codes();
    if (!now) return tl::unexpected(now.error());
    auto judged = judge(caller.realm, caller.user, caller.challenge, attempt, *now);
    if (judged && judged->found.challenge.expires_at <= *now) return refuse(ServerErrorCode::AuthInvalid);
    return judged;
}

Answer<EarnedStepUp> Challenges::earn(const AppCaller& caller, const std::string& user, const std::string& challenge,
                                      UnixSeconds now) {
    const auto judged = judge(caller.realm, user, challenge, {}, now);
    if (!judged && judged.error().code == ServerErrorCode::AuthInvalid) {
        return refuse(ServerErrorCode::ChallengeNotPassed);
    }
    if (!judged) return tl::unexpected(judged.error());
    const ChallengeRecord& row = judged->found.challenge;
    const bool recent = row.passed_at && row.passed_at->value > now.value - kElevationSeconds && *row.passed_at <= now;
    const bool kept = row.stage.state == ChallengeState::Running || row.stage.state == ChallengeState::Redeemed;
    // What was proven is judged as it would be now, redeemed or not.
    const auto content = receipt_content({ChallengeState::Running, row.stage.proven}, judged->by.at);
    if (row.app_key != caller.key_id || !recent || !kept || !content) {
        return refuse(ServerErrorCode::ChallengeNotPassed);
    }
    const std::int64_t hold = judged->by.at.policy.recovery_hold_hours * std::int64_t{3600};
    const bool recovered = judged->by.last_recovered && judged->by.last_recovered->value > now.value - hold;
    return EarnedStepUp{row.id, judged->by.policy_version, stage_number(row.stage), content->methods,
                        content->fallback || recovered};
}

Answer<ChallengeView> Challenges::view_of(const Judged& judged) {
    const ChallengeRecord& row = judged.found.challenge;
    const LoginCircumstances& at = judged.by.at;
    ChallengeView view;
    view.id = row.id;
    view.state = state_of(row.stage, at);
    view.proven = row.stage.proven;
    view.code_digits = at.policy.email_codes.digits;
    view.expires_at = row.expires_at;
    if (view.state != "open") return view;
    const ProofSet accepted = challenge_offer(row.stage, at).accepted;
    for (const Way& way : ways()) {
        if (meets(accepted, way.proofs)) view.accepts.push_back(way.method);
    }
    const AlternateSet alternates = login_offer(at).alternates;
    for (const Alternate alternate : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email}) {
        if (alternates.has(alternate)) view.alternates.push_back(alternate_name(alternate));
    }
    if (accepted.has(Proof::Email) && at.first_factor) view.email = with_.mail->masked(row.realm, row.user, kEmail);
    if (accepted.has(Proof::AlternateEmail)) {
        view.alternate_email = with_.mail->masked(row.realm, row.user, kAlternateEmail);
    }
    if (meets(accepted, proofs_of(kSecurityCode))) {
        auto salt = with_.codes.salt_of(row.realm, row.user);
        if (!salt) return tl::unexpected(std::move(salt.error()));
        view.salt = std::move(*salt);
    }
    return view;
}

void Challenges::show(const SessionCaller& caller, Reply<ChallengeView> reply) {
    show(caller, kJudgings, std::move(reply));
}

void Challenges::show(const SessionCaller& caller, int tries, Reply<ChallengeView> reply) {
    const auto judged = judge_own(caller, {});
    if (!judged) return reply(tl::unexpected(judged.error()));
    auto made = view_of(*judged);
    if (!made || made->state != "passed") return reply(std::move(made));
    const ChallengeRecord& row = judged->found.challenge;
    auto view = std::make_shared<ChallengeView>(std::move(*made));
    view->receipt = make_token(TokenKind::Receipt);
    ReceiptIssue issue{.realm = row.realm,
                       .user = row.user,
                       .challenge = row.id,
                       .lookup = receipt_lookup(with_.keys, view->receipt->text(),
                                                {row.realm, row.app_key, row.user, row.id, row.receipt_purpose}),
                       .now = judged->now,
                       .expires_at = UnixSeconds{judged->now.value + kReceiptSeconds},
                       .policy_version = judged->by.policy_version,
                       .stage = stage_number(row.stage)};
    with_.store.issue_receipt(std::move(issue), [this, caller, tries, view,
                                                 reply = std::move(reply)](Answer<ReceiptResult> result) {
        if (!result) return reply(tl::unexpected(std::move(result.error())));
        if (*result == ReceiptResult::Done) return reply(std::move(*view));
        if (tries > 1) return show(caller, tries - 1, reply);
        reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
    });
}

void Challenges::forgot(const SessionCaller& caller, Alternate alternate, Reply<ChallengeView> reply) {
    const auto judged = judge_own(caller, {});
    if (!judged) return reply(tl::unexpected(judged.error()));
    auto view = view_of(*judged);
    if (!view) return reply(std::move(view));
    if (view->state != "open" || !login_offer(judged->by.at).alternates.has(alternate)) {
        return reply(refuse(ServerErrorCode::ChallengeNotAllowed));
    }
    const bool asks = alternate != Alternate::Email && challenge_offer(judged->stage(), judged->by.at).accepted.has(Proof::Kba);
    if (asks) {
        auto questions = with_.questions->questions_of(caller.realm, caller.user);
        if (!questions) return reply(tl::unexpected(std::move(questions.error())));
        view->questions = std::move(*questions);
    }
    reply(std::move(view));
}

void Challenges::send_mail(const SessionCaller& caller, const std::string& method, Reply<MailOrdered> reply) {
    if (method != kEmail && method != kAlternateEmail) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid, "method: email or alternate_email"));
    }
    const auto judged = judge_own(caller, {});
    if (!judged) return reply(tl::unexpected(judged.error()));
    const ChallengeOffer offer = challenge_offer(judged->stage(), judged->by.at);
    if (!(method == kEmail ? offer.email_mail : offer.alternate_mail)) {
        return reply(refuse(ServerErrorCode::ChallengeNotAllowed));
    }
    auto told = [vouched = judged->by.at.first_factor, reply = std::move(reply)](Answer<MailOrdered> ordered) {
        if (ordered && !vouched) ordered->masked = kUntoldAddress;
        reply(std::move(ordered));
    };
    with_.mail->order({caller.realm, caller.user, method, caller.challenge, caller.issuer,
                       judged->found.challenge.expires_at},
                      std::move(told));
}

JudgePurpose Challenges::judge_attempt(const SessionCaller& caller, std::string attempt, std::string method) {
    return [this, caller, attempt = std::move(attempt), method = std::move(method)]() -> Answer<AttemptPurpose> {
        const auto judged = judge_own(caller, attempt);
        if (!judged) return tl::unexpected(judged.error());
        const ChallengeRecord& row = judged->found.challenge;
        ChallengeToAdvance to{.user = row.user,
                              .id = row.id,
                              .attempt = attempt,
                              .policy_version = judged->by.policy_version,
                              .stage = stage_number(row.stage),
                              .ended = stage_number({ChallengeState::Ended, row.stage.proven}),
                              .expires_at = row.expires_at,
                              .next = {}};
        judge_proofs(row.stage, judged->by.at, proofs_of(method), to);
        const bool open = std::ranges::any_of(to.next, [](const auto& next) { return next.has_value(); });
        // One that came before is let through, to be told its outcome under the lock of the challenge.
        if (!open && !judged->found.attempt) return refuse(ServerErrorCode::ChallengeNotAllowed);
        return AttemptPurpose{std::move(to)};
    };
}

void Challenges::answer(const SessionCaller& caller, ChallengeAnswer given, Reply<ChallengeAnswered> reply) {
    reply = count_fate(with_.meter, "challenge", std::move(reply));
    if (!is_attempt_id(given.attempt_id)) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid, "attempt_id: 16 to 64 of A-Z a-z 0-9 - _"));
    }
    if (proofs_of(given.method).empty()) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid,
                            "method: totp, email, security_code, kba or alternate_email"));
    }
    auto decided = [this, caller, reply = std::move(reply)](Answer<LoginDecision> decision) {
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        if (decision->session_gone) return reply(refuse(ServerErrorCode::AuthInvalid));
        if (!decision->accepted) return reply(ChallengeAnswered{false, decision->retry_after_seconds, {}});
        show(caller, [reply](Answer<ChallengeView> view) {
            if (!view) return reply(tl::unexpected(std::move(view.error())));
            reply(ChallengeAnswered{true, 0, std::move(*view)});
        });
    };
    // Before anything is hashed or stretched: whether it came before, and whether it is open at all.
    const auto judged = judge_own(caller, given.attempt_id);
    if (!judged) return decided(tl::unexpected(judged.error()));
    if (const auto& before = judged->found.attempt) {
        LoginDecision told;
        told.accepted = before->ok;
        told.retry_after_seconds = static_cast<int>(std::max<std::int64_t>(before->retry_at.value - judged->now.value, 0));
        return decided(told);
    }
    if (!meets(challenge_offer(judged->stage(), judged->by.at).accepted, proofs_of(given.method))) {
        return decided(refuse(ServerErrorCode::ChallengeNotAllowed));
    }
    dispatch(caller, std::move(given), std::move(decided));
}

void Challenges::dispatch(const SessionCaller& caller, ChallengeAnswer given, Reply<LoginDecision> reply) {
    JudgePurpose judge = judge_attempt(caller, given.attempt_id, given.method);
    if (given.method == kKba) {
        return with_.questions->try_answers({caller.realm, caller.user, std::move(given.answers), std::move(judge)},
                                            std::move(reply));
    }
    if (given.method == kEmail || given.method == kAlternateEmail) {
        return with_.mail->try_code({caller.realm, caller.user, std::move(given.method), caller.challenge,
                                     std::move(given.code), std::move(judge)},
                                    std::move(reply));
    }
    with_.try_code({caller.realm, caller.user, std::move(given.method), std::move(given.code),
                    std::move(given.stretched), std::move(judge)},
                   std::move(reply));
}

}  // namespace countersign::server
