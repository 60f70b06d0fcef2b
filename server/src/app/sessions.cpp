// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/local_service.h"
#include "app/refusal.h"
#include "app/text_rules.h"
#include "app/tokens.h"

// Who calls: application keys and session tokens, and how a session is opened.

namespace countersign::server {

Answer<AppCaller> LocalService::authenticate_app(std::string_view token) {
    if (token.empty()) return refuse(ServerErrorCode::AuthMissing);
    if (!looks_like_token(TokenKind::App, token)) return refuse(ServerErrorCode::AuthInvalid);
    const auto found = store_->find_app_key(token_lookup(keys_, TokenKind::App, token));
    if (!found) return tl::unexpected(found.error());
    if (!*found || (*found)->revoked_at) return refuse(ServerErrorCode::AuthInvalid);
    const AppKeyRecord& key = **found;
    const Digest binding = token_binding(keys_, TokenKind::App, token, {key.realm, {}, key.id, {}});
    if (!equal_constant_time(binding, key.binding)) return refuse(ServerErrorCode::AuthInvalid);
    return AppCaller{key.realm, key.id};
}

Answer<SessionCaller> LocalService::authenticate_session(std::string_view token) {
    if (token.empty()) return refuse(ServerErrorCode::AuthMissing);
    if (!looks_like_token(TokenKind::Session, token)) return refuse(ServerErrorCode::AuthInvalid);
    auto found = store_->find_session(token_lookup(keys_, TokenKind::Session, token));
    if (!found) return tl::unexpected(std::move(found.error()));
    if (!*found || (*found)->expires_at <= read_time().now) return refuse(ServerErrorCode::AuthInvalid);
    SessionRecord& session = **found;
    const Digest binding = token_binding(keys_, TokenKind::Session, token,
                                         {session.realm, session.user, session.id, session.purpose});
    if (!equal_constant_time(binding, session.binding)) return refuse(ServerErrorCode::AuthInvalid);
    return SessionCaller{std::move(session.realm),   std::move(session.user),    std::move(session.id),
                         std::move(session.purpose), std::move(session.account), std::move(session.issuer),
                         token_sha256(token),        session.elevated_until};
}

void LocalService::open_session(const AppCaller& caller, OpenSessionRequest request, Reply<OpenedSession> reply) {
    auto checked = check_user(request.user);
    if (checked && request.purpose != "manage") {
        checked = refuse(ServerErrorCode::RequestFieldInvalid, "purpose: manage");
    }
    if (checked) checked = check_label("account", request.account);
    if (checked) checked = check_label("issuer", request.issuer);
    if (!checked) return reply(tl::unexpected(checked.error()));

    const UnixSeconds now = read_time().now;
    auto token = std::make_shared<Secret>(make_token(TokenKind::Session));
    SessionRecord session;
    session.realm = caller.realm;
    session.user = std::move(request.user);
    session.id = make_random_id("ses_");
    session.purpose = std::move(request.purpose);
    session.account = std::move(request.account);
    session.issuer = std::move(request.issuer);
    session.lookup = token_lookup(keys_, TokenKind::Session, token->text());
    session.binding = token_binding(keys_, TokenKind::Session, token->text(),
                                    {session.realm, session.user, session.id, session.purpose});
    session.created_at = now;
    session.expires_at = UnixSeconds{now.value + kSessionSeconds};
    const UnixSeconds expires_at = session.expires_at;
    store_->add_session(std::move(session), [token, expires_at, reply = std::move(reply)](Answer<void> written) {
        if (!written) return reply(tl::unexpected(std::move(written.error())));
        reply(OpenedSession{std::move(*token), expires_at});
    });
}

}  // namespace countersign::server
