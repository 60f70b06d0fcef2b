// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "app/base64url.h"
#include "app/change_refusal.h"
#include "app/code_meter.h"
#include "app/local_service.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"
#include "app/tokens.h"
#include "countersign/otpauth_uri.h"
#include "countersign/sealed_box.h"

// What a person changes of his own authenticators: begin, confirm, remove.

namespace countersign::server {
namespace {

/// How far off the authenticator's clock is, when the code fits another time nearby (R14a).
std::optional<int> clock_off(const CredentialRecord& pending, const Secret& seed, std::string_view code,
                             UnixSeconds now) {
    const std::int64_t period = pending.parameters.period_seconds;
    const auto radius = std::min<std::int64_t>(kMaxLocateRadius, kClockAdviceSeconds / period);
    const auto here = time_step_at(now, period);
    const auto there = locate_totp(seed.bytes(), code, now, static_cast<int>(radius), pending.parameters);
    if (!here || !there || !*there) return std::nullopt;
    return static_cast<int>(((*there)->value - here->value) * period);
}

ConfirmAnswer explain(const ConfirmAttempt& attempt, const ConfirmDecision& decision, std::optional<int> off) {
    ConfirmAnswer answer;
    answer.ok = decision.result == ConfirmResult::Activated;
    answer.retry_after_seconds = decision.retry_after_seconds;
    if (answer.ok) {
        answer.credential_id = attempt.credential;
    } else if (decision.result == ConfirmResult::Waiting) {
        answer.reason = ConfirmReason::Wait;
    } else {
        answer.reason = off ? ConfirmReason::ClockOff : ConfirmReason::Wrong;
        answer.clock_off_seconds = off.value_or(0);
    }
    return answer;
}

}  // namespace

Answer<CredentialRecord> LocalService::make_pending(const SessionCaller& caller, const BeginTotpRequest& request,
                                                    SecretView public_key, UnixSeconds now) {
    CredentialRecord candidate;
    candidate.realm = caller.realm;
    candidate.user = caller.user;
    candidate.id = make_random_id("crd_");
    candidate.method = kTotp;
    candidate.name = request.name.value_or("");
    candidate.key_id = keys_.id();
    candidate.created_at = now;
    candidate.expires_at = UnixSeconds{now.value + kPendingSeconds};
    candidate.session = caller.session_id;
    candidate.replaces = request.replaces.value_or("");
    candidate.box_key.assign(public_key.begin(), public_key.end());

    OtpauthUri uri;
    uri.issuer = caller.issuer;
    uri.account = caller.account;
    uri.secret = Secret::random(kSeedBytes);
    uri.parameters = candidate.parameters;
    candidate.sealed = seal_seed(keys_, {candidate.realm, candidate.user, candidate.method, candidate.id},
                                 uri.secret.bytes());
    const auto text = build_otpauth_uri(uri);
    if (!text) return refuse(ServerErrorCode::ServerUnavailable, std::string(error_name(text.error().code)));
    const auto box = seal_box(public_key, {caller.token_sha256, caller.user, candidate.id}, text->bytes());
    if (!box) {  // the key is a point that would give everybody the same secret
        return refuse(ServerErrorCode::RequestFieldInvalid, "public_key: is no X25519 key");
    }
    candidate.box.assign(box->bytes().begin(), box->bytes().end());
    return candidate;
}

void LocalService::begin_totp(const SessionCaller& caller, BeginTotpRequest request, Reply<PendingTotp> reply) {
    const auto public_key = decode_base64url(request.public_key, kBoxKeyBytes);
    if (!public_key) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid,
                            "public_key: base64url of 32 bytes, without padding"));
    }
    if (request.name) {
        if (auto sound = check_name(*request.name); !sound) return reply(tl::unexpected(sound.error()));
    }
    if (request.replaces && !is_credential_id(*request.replaces)) {
        return reply(refuse(ServerErrorCode::MethodUnknown));
    }
    const auto now = time_for_codes();  // a step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    auto candidate = make_pending(caller, request, *public_key, *now);
    if (!candidate) return reply(tl::unexpected(std::move(candidate.error())));
    store_->begin_pending(std::move(*candidate), [reply = std::move(reply)](Answer<PendingDecision> decision) {
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        if (decision->result != ChangeResult::Done) return reply(refuse(error_of(decision->result)));
        const CredentialRecord& pending = decision->pending;
        reply(PendingTotp{pending.id, encode_base64url(pending.box), pending.expires_at});
    });
}

void LocalService::confirm_totp(const SessionCaller& caller, ConfirmTotpRequest request,
                                Reply<ConfirmAnswer> reply) {
    reply = count_fate(*meter_, "enroll", std::move(reply));
    auto ticket = std::make_shared<Admission::Ticket>(admission_.admit(caller.realm, caller.user, kTotp));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto policy = security_codes_.policy_of(caller.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    const auto credentials = store_->find_credentials(caller.realm, caller.user, std::string(kTotp));
    if (!credentials) return reply(tl::unexpected(credentials.error()));
    const auto pending = std::ranges::find_if(*credentials, [&](const CredentialRecord& c) {
        return c.id == request.pending_id && c.status == CredentialStatus::Pending &&
               c.session == caller.session_id && c.expires_at > *now;
    });
    if (pending == credentials->end()) return reply(refuse(ServerErrorCode::EnrollmentPendingUnknown));
    const auto seed = open_credential(*pending);
    if (!seed) return reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));

    const Secret code = fold_code(request.code.text());
    VerifyOptions options;
    options.parameters = pending->parameters;
    const auto verdict = verify_totp(seed->bytes(), code.text(), *now, options);
    if (!verdict) {  // not N digits: told, and not counted (R14b)
        ConfirmAnswer answer;
        answer.reason = ConfirmReason::Wrong;
        return reply(std::move(answer));
    }
    const auto off = verdict->outcome == Outcome::Accepted ? std::nullopt
                                                           : clock_off(*pending, *seed, code.text(), *now);
    ConfirmAttempt attempt{caller.realm, caller.user,        std::string(kTotp), pending->id,
                           caller.session_id, *now, verdict->outcome,   verdict->step, policy->policy.counting};
    auto answer = [ticket, attempt, off, reply = std::move(reply)](Answer<ConfirmDecision> decision) {
        *ticket = Admission::Ticket{};
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        if (decision->result == ConfirmResult::SessionGone) return reply(refuse(ServerErrorCode::AuthInvalid));
        if (decision->result == ConfirmResult::Gone) {
            return reply(refuse(ServerErrorCode::EnrollmentPendingUnknown));
        }
        reply(explain(attempt, *decision, off));
    };
    store_->decide_confirm(std::move(attempt), std::move(answer));
}

void LocalService::remove_totp(const SessionCaller& caller, std::string credential, Reply<void> reply) {
    if (!is_credential_id(credential)) return reply(refuse(ServerErrorCode::MethodUnknown));
    const auto now = time_for_codes();  // the step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    judge_removal({caller.realm, caller.user, std::string(kTotp), std::move(credential), caller.session_id, *now, 0, {}},
                  kJudgings, std::move(reply));
}

void LocalService::judge_removal(RemoveRequest request, int tries, Reply<void> reply) {
    const auto policy = security_codes_.policy_of(request.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    request.policy_version = policy->version;
    request.rules = {policy->policy.login_methods, policy->policy.allow_none};
    auto again = request;
    store_->remove_credential(
        std::move(request), [this, tries, again = std::move(again), reply = std::move(reply)](Answer<ChangeResult> result) {
            if (!result) return reply(tl::unexpected(std::move(result.error())));
            if (*result == ChangeResult::PolicyChanged && tries > 1) return judge_removal(again, tries - 1, reply);
            if (*result != ChangeResult::Done) return reply(refuse(error_of(*result)));
            reply({});
        });
}

}  // namespace countersign::server
