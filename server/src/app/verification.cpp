// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "app/code_meter.h"
#include "app/local_service.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"

// A code of something the user has, at a login or to step up. Everything up to the hash runs on the caller's thread; the statement decides (R8, R9).

namespace countersign::server {
namespace {

/// What the hash says of one credential; nothing when the code has not its form (R14b).
std::optional<CheckedCredential> check(const CredentialRecord& credential, const Secret& seed, std::string_view code,
                                       UnixSeconds now, const Policy::Totp& window) {
    VerifyOptions options;
    options.past_steps = window.past_steps;
    options.future_steps = window.future_steps;
    options.parameters = credential.parameters;
    if (credential.last_step.value >= 0) options.last_used = credential.last_step;
    const auto verdict = verify_totp(seed.bytes(), code, now, options);
    if (verdict) return CheckedCredential{credential.id, verdict->outcome, verdict->step};
    if (verdict.error().code == ErrorCode::CodeMalformed) return std::nullopt;
    return CheckedCredential{credential.id, Outcome::Rejected, {}};
}

}  // namespace

std::optional<Secret> LocalService::open_credential(const CredentialRecord& credential) {
    auto seed = open_seed(keys_,
                          {credential.realm, credential.user, credential.method, credential.id, credential.key_id},
                          credential.sealed);
    if (!seed) {
        log_->write(LogLevel::Error, "credential.does_not_open",
                    {{"realm", credential.realm}, {"credential", credential.id}});
    }
    return seed;
}

Answer<LoginAttempt> LocalService::examine_unknown(LoginAttempt attempt, std::string_view code,
                                                    const Policy::Totp& window) {
    CredentialRecord decoy;
    decoy.id = decoy_.credential;
    const auto seed = open_seed(keys_, {"", "", kTotp, decoy_.credential}, decoy_.sealed);
    if (!seed) return refuse(ServerErrorCode::ServerUnavailable);
    if (const auto checked = check(decoy, *seed, code, attempt.now, window)) {
        attempt.checked.push_back({{}, Outcome::Rejected, {}});  // whatever the decoy said
    }
    const Digest hidden = keys_.token_hash({"cs-unknown-1", attempt.realm, attempt.user});
    static constexpr std::string_view kHex = "0123456789abcdef";
    attempt.known = false;
    attempt.user.clear();
    for (const std::uint8_t byte : hidden) attempt.user.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return attempt;
}

Answer<LoginAttempt> LocalService::examine(const CodeAttempt& typed, UnixSeconds now) {
    LoginAttempt attempt;
    attempt.realm = typed.realm;
    attempt.user = typed.user;
    attempt.method = typed.method;
    attempt.now = now;
    auto purpose = typed.judge();  // before the policy is read: what holds its version is checked by nothing older (R11)
    if (!purpose) return tl::unexpected(std::move(purpose.error()));
    attempt.purpose = std::move(*purpose);
    const auto ground = store_->find_login_ground(typed.realm, typed.user, typed.method);
    if (!ground) return tl::unexpected(ground.error());
    const auto policy = security_codes_.read_policy(typed.realm, ground->policy);
    if (!policy) return tl::unexpected(policy.error());
    if (typed.at_login && !policy->policy.login_methods.totp) {
        return refuse(ServerErrorCode::PolicyNotAllowed);  // whoever is asked for (R14)
    }
    attempt.counting = policy->policy.counting;
    const Secret code = fold_code(typed.code.text());
    if (ground->credentials.empty()) return examine_unknown(std::move(attempt), code.text(), policy->policy.totp);
    for (const CredentialRecord& credential : ground->credentials) {
        const auto seed = open_credential(credential);
        const auto checked = seed ? check(credential, *seed, code.text(), now, policy->policy.totp)
                                  : CheckedCredential{credential.id, Outcome::Rejected, {}};
        if (checked) attempt.checked.push_back(*checked);
    }
    return attempt;
}

void LocalService::try_code(CodeAttempt typed, Reply<LoginDecision> reply) {
    if (typed.method == kSecurityCode) {
        return security_codes_.try_code(std::move(typed), std::move(reply));
    }
    if (typed.method != kTotp) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid, "method: totp or security_code"));
    }
    if (typed.stretched) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid, "stretched: is a form of security codes alone"));
    }
    try_totp(std::move(typed), std::move(reply));
}

void LocalService::try_totp(CodeAttempt typed, Reply<LoginDecision> reply) {
    auto ticket = std::make_shared<Admission::Ticket>(admission_.admit(typed.realm, typed.user, typed.method));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));

    auto answer = [ticket, reply = std::move(reply)](Answer<LoginDecision> decision) {
        *ticket = Admission::Ticket{};  // before the answer leaves: the caller's next attempt must find the place free
        reply(std::move(decision));
    };
    decide_totp(std::make_shared<const CodeAttempt>(std::move(typed)), *now, kJudgings, std::move(answer));
}

void LocalService::decide_totp(std::shared_ptr<const CodeAttempt> typed, UnixSeconds now, int tries,
                               Reply<LoginDecision> reply) {
    auto attempt = examine(*typed, now);
    if (!attempt) return reply(tl::unexpected(std::move(attempt.error())));
    auto decided = [this, typed = std::move(typed), user = attempt->user, now, tries,
                    reply = std::move(reply)](Answer<LoginDecision> decision) mutable {
        const bool judge_again = decision && decision->judge_again;
        if (judge_again && tries > 1) return decide_totp(std::move(typed), now, tries - 1, std::move(reply));
        if (decision && !judge_again && (decision->disabled || decision->locked)) {
            log_->write(LogLevel::Warning, decision->disabled ? "credential.disabled" : "credential.locked",
                        {{"realm", typed->realm}, {"user", user}});
        }
        typed.reset();  // the code goes before the answer leaves: the batch that holds this ends later
        if (judge_again) return reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
        reply(std::move(decision));
    };
    store_->decide_login(std::move(*attempt), std::move(decided));
}

JudgePurpose LocalService::judge_step_up(const SessionCaller& caller) {
    return [this, realm = caller.realm, user = caller.user, id = caller.session_id]() -> Answer<AttemptPurpose> {
        const auto policy = security_codes_.policy_of(realm);
        if (!policy) return tl::unexpected(policy.error());
        return SessionToElevate{user, id, policy->policy.recovery_hold_hours * std::int64_t{3600}};
    };
}

void LocalService::verify(const AppCaller& caller, VerifyRequest request, Reply<VerifyAnswer> reply) {
    reply = count_fate(*meter_, "login", std::move(reply));
    if (auto sound = check_user(request.user); !sound) return reply(tl::unexpected(sound.error()));
    CodeAttempt typed{caller.realm, std::move(request.user), std::move(request.method), std::move(request.code),
                      std::move(request.stretched), [] { return Answer<AttemptPurpose>(); }};
    typed.at_login = true;
    try_code(std::move(typed), [reply = std::move(reply)](Answer<LoginDecision> decision) {
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        reply(VerifyAnswer{decision->accepted, decision->accepted ? 0 : decision->retry_after_seconds});
    });
}

void LocalService::elevate(const SessionCaller& caller, ElevateRequest request, Reply<ElevateAnswer> reply) {
    reply = count_fate(*meter_, "elevate", std::move(reply));
    CodeAttempt typed{caller.realm, caller.user, std::move(request.method), std::move(request.code),
                      std::move(request.stretched), judge_step_up(caller)};
    try_code(std::move(typed), [reply = std::move(reply)](Answer<LoginDecision> decision) {
        if (!decision) return reply(tl::unexpected(std::move(decision.error())));
        if (decision->session_gone) return reply(refuse(ServerErrorCode::AuthInvalid));
        if (!decision->accepted) return reply(ElevateAnswer{false, decision->retry_after_seconds, {}, false});
        reply(ElevateAnswer{true, 0, decision->elevated_until, decision->recovery});
    });
}

}  // namespace countersign::server
