// SPDX-License-Identifier: Apache-2.0
#include "store/elevation.h"

#include <vector>

#include "app/store.h"
#include "store/mail_code_rows.h"

namespace countersign::server {

std::optional<Standing> standing_session(Database& database, const SessionKey& key) {
    Query query(database.prepared("SELECT elevated_until, recovery FROM session WHERE realm = :realm AND user = :user "
                                  "AND session = :session AND expires_at > :now AND created_at > :floor"));
    query.bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":session", key.session)
        .bind(":now", key.now.value)
        .bind(":floor", key.floor.value);
    if (!query.step()) return std::nullopt;
    const bool elevated = is_elevated(UnixSeconds{query.integer(0)}, key.now);
    return Standing{elevated, elevated && query.integer(1) != 0};
}

UnixSeconds elevate_session(Database& database, const SessionKey& key, bool recovery) {
    Query query(database.prepared("UPDATE session SET elevated_until = min(expires_at, :now + :life), "
                                  "recovery = :recovery "
                                  "WHERE realm = :realm AND user = :user AND session = :session "
                                  "AND expires_at > :now AND created_at > :floor "
                                  "RETURNING elevated_until"));
    query.bind(":now", key.now.value)
        .bind(":life", kElevationSeconds)
        .bind(":recovery", std::int64_t{recovery})
        .bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":session", key.session)
        .bind(":floor", key.floor.value);
    if (!query.step()) throw SQLite::Exception("the session to elevate is gone");
    const UnixSeconds until{query.integer(0)};
    while (query.step()) {
    }
    return until;
}

namespace {

/// What other sessions have begun while they were elevated would else come into force after they are not.
void forget_begun_elsewhere(Database& database, const SessionKey& key) {
    std::vector<std::string> begun;
    {
        Query query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user "
                                      "AND status = 'pending' AND session <> :session RETURNING credential"));
        query.bind(":realm", key.realm).bind(":user", key.user).bind(":session", key.session);
        while (query.step()) begun.push_back(query.text(0));
    }
    for (const std::string& credential : begun) forget_mail_codes(database, key.realm, key.user, credential);
}

}  // namespace

void end_other_elevations(Database& database, const SessionKey& key) {
    const auto of_others = [&](Sql sql) {
        Query(database.prepared(sql))
            .bind(":realm", key.realm)
            .bind(":user", key.user)
            .bind(":session", key.session)
            .run();
    };
    of_others("DELETE FROM session WHERE realm = :realm AND user = :user AND session <> :session AND purpose = 'admin'");
    of_others("UPDATE session SET elevated_until = 0 "
              "WHERE realm = :realm AND user = :user AND session <> :session AND elevated_until > 0");
    forget_begun_elsewhere(database, key);
    // Nor may a challenge passed before it elevate a new one, but for the one by which this session was elevated.
    Query own(database.prepared("SELECT challenge FROM session WHERE realm = :realm AND user = :user "
                                "AND session = :session"));
    own.bind(":realm", key.realm).bind(":user", key.user).bind(":session", key.session);
    const std::string challenge = own.step() ? own.text(0) : std::string();
    Query(database.prepared("UPDATE challenge SET passed_at = NULL WHERE realm = :realm AND user = :user "
                            "AND challenge <> :challenge AND passed_at IS NOT NULL"))
        .bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":challenge", challenge)
        .run();
}

}  // namespace countersign::server
