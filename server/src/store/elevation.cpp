// SPDX-License-Identifier: Apache-2.0
#include "store/elevation.h"

#include "app/store.h"

namespace countersign::server {

std::optional<bool> standing_session(Database& database, const SessionKey& key) {
    Query query(database.prepared("SELECT elevated_until FROM session WHERE realm = :realm AND user = :user "
                                  "AND session = :session AND expires_at > :now AND created_at > :floor"));
    query.bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":session", key.session)
        .bind(":now", key.now.value)
        .bind(":floor", key.floor.value);
    if (!query.step()) return std::nullopt;
    return is_elevated(UnixSeconds{query.integer(0)}, key.now);
}

UnixSeconds elevate_session(Database& database, const SessionKey& key) {
    Query query(database.prepared("UPDATE session SET elevated_until = min(expires_at, :now + :life) "
                                  "WHERE realm = :realm AND user = :user AND session = :session "
                                  "AND expires_at > :now AND created_at > :floor "
                                  "RETURNING elevated_until"));
    query.bind(":now", key.now.value)
        .bind(":life", kElevationSeconds)
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

void end_other_elevations(Database& database, const SessionKey& key) {
    Query(database.prepared("UPDATE session SET elevated_until = 0 "
                            "WHERE realm = :realm AND user = :user AND session <> :session AND elevated_until > 0"))
        .bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":session", key.session)
        .run();
}

}  // namespace countersign::server
