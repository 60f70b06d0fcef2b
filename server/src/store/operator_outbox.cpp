// SPDX-License-Identifier: Apache-2.0
#include "store/operator_outbox.h"

#include "store/audit.h"

namespace countersign::server {
namespace {

/// Which mails a change was made to.
struct Changed {
    std::string user;
    std::string id;
    std::string kind;
};

std::int64_t change_mails(Database& database, const OutboxPick& pick, Sql sql, std::string_view event) {
    std::vector<Changed> changed;
    {
        Query query(database.prepared(sql));
        query.bind(":realm", pick.realm).bind(":mail", pick.id);
        while (query.step()) changed.push_back({query.text(0), query.text(1), query.text(2)});
    }
    for (const Changed& mail : changed) {
        std::string detail = "who=operator mail=";
        detail.append(mail.id).append(" kind=").append(mail.kind);
        record_event(database, pick.now, {pick.realm, mail.user, event, "", "", detail});
    }
    return static_cast<std::int64_t>(changed.size());
}

}  // namespace

std::vector<OutboxEnvelope> read_envelopes(Database& database, const std::string& realm, bool dead_only,
                                           std::int64_t most) {
    Query query(database.prepared("SELECT realm, user, mail, kind, state, created_at, next_at, attempts, reply_code "
                                  "FROM outbox WHERE (:realm = '' OR realm = :realm) "
                                  "AND (state = 'dead' OR NOT :dead) "
                                  "ORDER BY state <> 'dead', next_at, mail LIMIT :most"));
    query.bind(":realm", realm).bind(":dead", std::int64_t{dead_only}).bind(":most", most);
    std::vector<OutboxEnvelope> envelopes;
    while (query.step()) {
        envelopes.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.text(4) == "dead",
                             UnixSeconds{query.integer(5)}, UnixSeconds{query.integer(6)}, query.integer(7),
                             query.integer(8)});
    }
    return envelopes;
}

std::int64_t retry_mails(Database& database, const OutboxPick& pick) {
    // One that is being sent keeps its lease: it is not sent twice.
    return change_mails(database, pick,
                        "UPDATE outbox SET next_at = min(next_at, created_at) WHERE realm = :realm "
                        "AND (:mail = '' OR mail = :mail) AND state = 'waiting' RETURNING user, mail, kind",
                        "mail.retried");
}

std::int64_t drop_mails(Database& database, const OutboxPick& pick) {
    return change_mails(database, pick,
                        "DELETE FROM outbox WHERE realm = :realm "
                        "AND ((:mail = '' AND state = 'dead') OR mail = :mail) RETURNING user, mail, kind",
                        "mail.dropped");
}

}  // namespace countersign::server
