// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "app/local_service.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"
#include "app/tokens.h"
#include "countersign/otpauth_uri.h"

// A person's own enrollment: begin, confirm, and what stands.

namespace countersign::server {
namespace {

std::string_view status_name(CredentialStatus status) noexcept {
    switch (status) {
        case CredentialStatus::Pending: return "pending";
        case CredentialStatus::Active: return "active";
        case CredentialStatus::Disabled: return "disabled";
    }
    return "";
}

/// Of several credentials the one that matters most to the person: active, disabled, pending.
const CredentialRecord* foremost(const std::vector<CredentialRecord>& credentials, UnixSeconds now) {
    const auto rank = [&](const CredentialRecord& c) {
        switch (c.status) {
            case CredentialStatus::Active: return 3;
            case CredentialStatus::Disabled: return 2;
            case CredentialStatus::Pending: return c.expires_at > now ? 1 : 0;
        }
        return 0;
    };
    const CredentialRecord* best = nullptr;
    for (const CredentialRecord& credential : credentials) {
        if (rank(credential) > (best == nullptr ? 0 : rank(*best))) best = &credential;
    }
    return best;
}

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

void LocalService::list_methods(const std::string& realm, const std::string& user,
                                Reply<std::vector<MethodState>> reply) {
    if (auto sound = check_user(user); !sound) return reply(tl::unexpected(sound.error()));
    const auto credentials = store_->find_credentials(realm, user, std::string(kTotp));
    if (!credentials) return reply(tl::unexpected(credentials.error()));
    MethodState state;
    state.method = kTotp;
    state.status = "not_configured";
    if (const CredentialRecord* credential = foremost(*credentials, read_time().now)) {
        state.status = status_name(credential->status);
        state.credential_id = credential->id;
        state.active_since = credential->active_since;
        state.last_used = credential->last_used;
    }
    reply(std::vector{std::move(state)});
}

Answer<PendingTotp> LocalService::show_pending(const SessionCaller& caller, const CredentialRecord& pending) {
    auto seed = open_credential(pending);
    if (!seed) return refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds);
    OtpauthUri uri;
    uri.issuer = caller.issuer;
    uri.account = caller.account;
    uri.secret = std::move(*seed);
    uri.parameters = pending.parameters;
    auto text = build_otpauth_uri(uri);
    if (!text) return refuse(ServerErrorCode::ServerUnavailable, std::string(error_name(text.error().code)));
    return PendingTotp{pending.id, std::move(*text), pending.expires_at};
}

void LocalService::begin_totp(const SessionCaller& caller, Reply<PendingTotp> reply) {
    const UnixSeconds now = read_time().now;
    CredentialRecord candidate;
    candidate.realm = caller.realm;
    candidate.user = caller.user;
    candidate.id = make_random_id("crd_");
    candidate.method = kTotp;
    candidate.key_id = keys_.id();
    candidate.sealed = seal_seed(keys_, {candidate.realm, candidate.user, candidate.method, candidate.id},
                                 Secret::random(kSeedBytes).bytes());
    candidate.created_at = now;
    candidate.expires_at = UnixSeconds{now.value + kPendingSeconds};
    candidate.session = caller.session_id;
    store_->begin_pending(std::move(candidate),
                          [this, caller, reply = std::move(reply)](Answer<PendingDecision> decision) {
                              if (!decision) return reply(tl::unexpected(std::move(decision.error())));
                              if (decision->already_active) {
                                  return reply(refuse(ServerErrorCode::EnrollmentAlreadyActive));
                              }
                              reply(show_pending(caller, decision->pending));
                          });
}

void LocalService::confirm_totp(const SessionCaller& caller, ConfirmTotpRequest request,
                                Reply<ConfirmAnswer> reply) {
    auto ticket = std::make_shared<Admission::Ticket>(admission_.admit(caller.realm, caller.user, kTotp));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
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
                           caller.session_id, *now, verdict->outcome,   verdict->step};
    auto answer = [ticket, attempt, off, reply = std::move(reply)](Answer<ConfirmDecision> decision) {
        *ticket = Admission::Ticket{};
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        if (decision->result == ConfirmResult::Gone) {
            return reply(refuse(ServerErrorCode::EnrollmentPendingUnknown));
        }
        reply(explain(attempt, *decision, off));
    };
    store_->decide_confirm(std::move(attempt), std::move(answer));
}

}  // namespace countersign::server
