// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/contact.h"
#include "app/email_address.h"
#include "app/local_service.h"
#include "app/origin.h"
#include "app/refusal.h"
#include "app/text_rules.h"
#include "app/tokens.h"

// Who calls: application keys and session tokens, and how a session is opened.

namespace countersign::server {
namespace {

constexpr std::size_t kMaxPurposeBytes = 64;
constexpr std::size_t kMaxFirstFactorBytes = 64;
constexpr std::size_t kMaxContextBytes = 512;

Answer<void> check_word(std::string_view field, std::string_view text, std::size_t most) {
    if (!text.empty() && text.size() <= most && is_printable_utf8(text)) return {};
    return refuse(ServerErrorCode::RequestFieldInvalid,
                  std::string(field) + ": 1 to " + std::to_string(most) + " bytes of printable UTF-8");
}

/// What a challenge alone takes.
Answer<void> check_challenge(const OpenSessionRequest& request) {
    if (!request.receipt_purpose) return refuse(ServerErrorCode::RequestFieldMissing, "receipt_purpose: is missing");
    auto checked = check_word("receipt_purpose", *request.receipt_purpose, kMaxPurposeBytes);
    if (checked && request.first_factor) {
        checked = check_word("first_factor.method", request.first_factor->method, kMaxFirstFactorBytes);
        if (checked && (request.first_factor->at.value < 0 || request.first_factor->at.value > kMaxUnixSeconds)) {
            return refuse(ServerErrorCode::RequestFieldInvalid, "first_factor.at: whole seconds since 1970");
        }
    }
    if (checked && request.context &&
        (request.context->size() > kMaxContextBytes || !is_clean_utf8(*request.context))) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "context: at most 512 bytes of UTF-8 without NUL");
    }
    return checked;
}

/// What an administrator's session takes; whether he is one is asked later.
Answer<void> check_admin(const OpenSessionRequest& request) {
    if (!request.challenge) return refuse(ServerErrorCode::RequestFieldMissing, "challenge: is missing");
    if (!request.scopes) return refuse(ServerErrorCode::RequestFieldMissing, "scopes: is missing");
    if (join_scopes(*request.scopes)) return {};
    return refuse(ServerErrorCode::RequestFieldInvalid, "scopes: some of policy, unlock, codes, audit");
}

/// A field that the purpose has no use for is a mistake of the caller's.
Answer<void> check_purpose(const OpenSessionRequest& request) {
    const bool manage = request.purpose == kManagePurpose;
    const bool challenge = request.purpose == kChallengePurpose;
    const bool admin = request.purpose == kAdminPurpose;
    if (!manage && !challenge && !admin) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "purpose: manage, challenge or admin");
    }
    struct Field {
        std::string_view name;
        bool given;
        bool belongs;
    };
    for (const Field& field : {Field{"account", !request.account.empty(), !admin},
                               Field{"issuer", !request.issuer.empty(), !admin},
                               Field{"email", request.email.has_value(), !admin},
                               Field{"elevated_by", request.elevated_by.has_value(), manage},
                               Field{"receipt_purpose", request.receipt_purpose.has_value(), challenge},
                               Field{"first_factor", request.first_factor.has_value(), challenge},
                               Field{"context", request.context.has_value(), challenge},
                               Field{"scopes", request.scopes.has_value(), admin},
                               Field{"challenge", request.challenge.has_value(), admin}}) {
        if (!field.given || field.belongs) continue;
        return refuse(ServerErrorCode::RequestFieldInvalid,
                      std::string(field.name) + ": is no field of purpose " + request.purpose);
    }
    if (admin) return check_admin(request);
    auto checked = check_label("account", request.account);
    if (checked) checked = check_label("issuer", request.issuer);
    if (checked && challenge) checked = check_challenge(request);
    return checked;
}

/// A name of a challenge, as it comes in.
bool names_challenge(const std::optional<std::string>& name) {
    return !name || (name->size() <= 64 && is_clean_utf8(*name));
}

/// What a session's token is bound to, so that a row in which more was written opens nothing.
std::string bound_purpose(const SessionRecord& session) {
    return session.scopes.empty() ? session.purpose : session.purpose + " " + session.scopes;
}

Answer<void> check_request(const OpenSessionRequest& request) {
    auto checked = check_user(request.user);
    if (checked) checked = check_purpose(request);
    if (checked && request.email && !is_email_address(*request.email)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "email: has to be a mail address in ASCII");
    }
    if (checked && (!names_challenge(request.elevated_by) || !names_challenge(request.challenge))) {
        return refuse(ServerErrorCode::ChallengeNotPassed);
    }
    return checked;
}

}  // namespace

Answer<AppCaller> LocalService::authenticate_app(std::string_view token) {
    if (token.empty()) return refuse(ServerErrorCode::AuthMissing);
    if (!looks_like_token(TokenKind::App, token)) return refuse(ServerErrorCode::AuthInvalid);
    const auto found = store_->find_app_key(token_lookup(keys_, TokenKind::App, token));
    if (!found) return tl::unexpected(found.error());
    if (!*found || (*found)->revoked_at) return refuse(ServerErrorCode::AuthInvalid);
    const AppKeyRecord& key = **found;
    const Digest binding = token_binding(keys_, TokenKind::App, token, {key.realm, {}, key.id, key.scopes});
    if (!equal_constant_time(binding, key.binding)) return refuse(ServerErrorCode::AuthInvalid);
    return AppCaller{key.realm, key.id, key.scopes};
}

Answer<SessionCaller> LocalService::authenticate_session(std::string_view token) {
    if (token.empty()) return refuse(ServerErrorCode::AuthMissing);
    if (!looks_like_token(TokenKind::Session, token)) return refuse(ServerErrorCode::AuthInvalid);
    auto found = store_->find_session(token_lookup(keys_, TokenKind::Session, token));
    if (!found) return tl::unexpected(std::move(found.error()));
    if (!*found || (*found)->expires_at <= read_time().now) return refuse(ServerErrorCode::AuthInvalid);
    SessionRecord& session = **found;
    const Digest binding = token_binding(keys_, TokenKind::Session, token,
                                         {session.realm, session.user, session.id, bound_purpose(session)});
    if (!equal_constant_time(binding, session.binding)) return refuse(ServerErrorCode::AuthInvalid);
    return SessionCaller{std::move(session.realm),   std::move(session.user),    std::move(session.id),
                         std::move(session.purpose), std::move(session.account), std::move(session.issuer),
                         token_sha256(token),        session.elevated_until,     session.recovery,
                         std::move(session.app_key), std::move(session.challenge), std::move(session.scopes)};
}

Answer<bool> LocalService::allows_origin(const SessionCaller& caller, const std::string& origin) {
    // An empty key would ask for any: no session is without one.
    if (caller.app_key.empty() || !is_allowable_origin(origin)) return false;
    return store_->has_origin(caller.realm, caller.app_key, origin);
}

Answer<bool> LocalService::knows_origin(const std::string& origin) {
    return is_allowable_origin(origin) ? store_->has_origin({}, {}, origin) : Answer<bool>(false);
}

void LocalService::open_session(const AppCaller& caller, OpenSessionRequest request, Reply<OpenedSession> reply) {
    if (auto sound = check_request(request); !sound) return reply(tl::unexpected(sound.error()));
    if (request.purpose == kAdminPurpose && !has_scope(caller.scopes, kAdminScope)) {
        return reply(refuse(ServerErrorCode::AuthScopeMissing));
    }
    open_session(caller, std::make_shared<const OpenSessionRequest>(std::move(request)), kJudgings, std::move(reply));
}

Answer<SessionRecord> LocalService::make_session(const AppCaller& caller, const OpenSessionRequest& request) {
    SessionRecord session;
    session.realm = caller.realm;
    session.user = request.user;
    session.id = make_random_id("ses_");
    session.purpose = request.purpose;
    session.account = request.account;
    session.issuer = request.issuer;
    session.app_key = caller.key_id;
    session.created_at = read_time().now;
    session.expires_at = UnixSeconds{session.created_at.value + kSessionSeconds};
    if (request.email) {
        session.contact =
            make_contact(keys_, caller.realm, request.user, request.issuer, *request.email, session.created_at);
    }
    if (request.purpose == kChallengePurpose) {
        auto challenge = challenges_.open(caller, request, session.created_at);
        if (!challenge) return tl::unexpected(std::move(challenge.error()));
        session.challenge = challenge->id;
        session.expires_at = challenge->expires_at;
        session.opens = std::move(*challenge);
    }
    const bool admin = request.purpose == kAdminPurpose;
    const auto& passed = admin ? request.challenge : request.elevated_by;
    if (passed) {
        const auto now = time_for_codes();  // a step-up is judged by it
        if (!now) return tl::unexpected(now.error());
        auto earned = challenges_.earn(caller, request.user, *passed, *now);
        if (!earned) return tl::unexpected(std::move(earned.error()));
        if (admin && earned->recovery) return refuse(ServerErrorCode::ChallengeNotPassed);
        session.earned = std::move(*earned);
    }
    if (admin) {
        session.scopes = join_scopes(*request.scopes).value_or("");
        session.expires_at = UnixSeconds{session.created_at.value + kAdminSessionSeconds};
    }
    return session;
}

void LocalService::open_session(const AppCaller& caller, const std::shared_ptr<const OpenSessionRequest>& request,
                                int tries, Reply<OpenedSession> reply) {
    auto session = make_session(caller, *request);
    if (!session) return reply(tl::unexpected(std::move(session.error())));
    auto token = std::make_shared<Secret>(make_token(TokenKind::Session));
    session->lookup = token_lookup(keys_, TokenKind::Session, token->text());
    session->binding = token_binding(keys_, TokenKind::Session, token->text(),
                                     {session->realm, session->user, session->id, bound_purpose(*session)});
    const UnixSeconds expires_at = session->expires_at;
    std::string challenge = session->opens ? session->opens->id : std::string();
    auto written = [this, caller, request, tries, token, expires_at, challenge = std::move(challenge),
                    reply = std::move(reply)](Answer<OpenResult> result) {
        if (!result) return reply(tl::unexpected(std::move(result.error())));
        if (*result == OpenResult::Done) return reply(OpenedSession{std::move(*token), expires_at, challenge});
        if (*result == OpenResult::KeyGone) return reply(refuse(ServerErrorCode::AuthInvalid));
        if (tries > 1) return open_session(caller, request, tries - 1, reply);
        reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
    };
    store_->add_session(std::move(*session), std::move(written));
}

}  // namespace countersign::server
