// SPDX-License-Identifier: Apache-2.0
#include "store/outbox_rows.h"

#include <string>
#include <utility>

namespace countersign::server {
namespace {

std::optional<UnixSeconds> maybe_time(const Query& row, int column) {
    const auto value = row.maybe_integer(column);
    return value ? std::optional(UnixSeconds{*value}) : std::nullopt;
}

void drop_expired(Database& database, UnixSeconds now) {
    Query(database.prepared("DELETE FROM outbox WHERE state = 'waiting' AND next_at <= :now AND expires_at <= :now"))
        .bind(":now", now.value)
        .run();
}

struct FoundMail {
    std::string realm;
    std::string user;
    std::string mail;
};

/// Which one comes next; only names it. Codes first, and of them those that were not tried before: one whose mail server
/// takes its time must not do so again while others wait for their first try. Looked for among the 500 that became due
/// first and the 500 that did last, where a new code is: a long queue of notices must not be read for each mail. A lease
/// that ends later than any can have been given is one from before the clock was set back.
std::optional<FoundMail> find_due(Database& database, const MailLease& lease) {
    Query query(database.prepared(
        "SELECT realm, user, mail FROM ("
        "SELECT * FROM (SELECT realm, user, mail, kind, attempts, next_at FROM outbox "
        "WHERE state = 'waiting' AND next_at <= :now AND (leased_until <= :now OR leased_until > :until OR :alone) "
        "AND (expires_at IS NULL OR expires_at > :now) ORDER BY next_at LIMIT 500) "
        "UNION "
        "SELECT * FROM (SELECT realm, user, mail, kind, attempts, next_at FROM outbox "
        "WHERE state = 'waiting' AND next_at <= :now AND (leased_until <= :now OR leased_until > :until OR :alone) "
        "AND (expires_at IS NULL OR expires_at > :now) ORDER BY next_at DESC LIMIT 500)"
        ") ORDER BY kind <> 'code', attempts > 0, next_at, mail LIMIT 1"));
    query.bind(":until", lease.now.value + kMailLeaseSeconds)
        .bind(":now", lease.now.value)
        .bind(":alone", std::int64_t{lease.alone});
    if (!query.step()) return std::nullopt;
    FoundMail found;
    found.realm = query.text(0);
    found.user = query.text(1);
    found.mail = query.text(2);
    return found;
}

/// The lease as it was given: one that ran out meanwhile is another's, or will be.
Query& bind_lease(Query& query, const OutboxRecord& mail) {
    return query.bind(":realm", mail.realm)
        .bind(":user", mail.user)
        .bind(":mail", mail.id)
        .bind(":lease", mail.leased_until.value);
}

bool erase(Database& database, const OutboxRecord& mail) {
    Query query(database.prepared("DELETE FROM outbox WHERE realm = :realm AND user = :user AND mail = :mail "
                                  "AND leased_until = :lease AND state = 'waiting' RETURNING 1"));
    return bind_lease(query, mail).run();
}

bool put_back(Database& database, const MailFinish& finish) {
    Query query(database.prepared("UPDATE outbox SET leased_until = 0, attempts = attempts + :tried, "
                                  "next_at = :next, reply_code = :reply "
                                  "WHERE realm = :realm AND user = :user AND mail = :mail "
                                  "AND leased_until = :lease AND state = 'waiting' RETURNING 1"));
    query.bind(":tried", std::int64_t{finish.fate == MailFinish::Fate::Retry})
        .bind(":next", finish.next_at.value)
        .bind(":reply", std::int64_t{finish.reply_code});
    return bind_lease(query, finish.mail).run();
}

/// Address, code and numbers go; who, what kind, when and how often stay for the operator.
bool bury(Database& database, const MailFinish& finish) {
    Query query(database.prepared("UPDATE outbox SET state = 'dead', sealed = NULL, method = '', detail = '', "
                                  "expires_at = NULL, leased_until = 0, attempts = attempts + 1, next_at = :next, "
                                  "reply_code = :reply "
                                  "WHERE realm = :realm AND user = :user AND mail = :mail "
                                  "AND leased_until = :lease AND state = 'waiting' RETURNING 1"));
    query.bind(":next", finish.next_at.value).bind(":reply", std::int64_t{finish.reply_code});
    return bind_lease(query, finish.mail).run();
}

}  // namespace

void insert_mail(Database& database, const OutboxRecord& mail) {
    const auto expires = mail.expires_at ? std::optional(mail.expires_at->value) : std::nullopt;
    Query query(database.prepared("INSERT INTO outbox (realm, user, mail, kind, key_id, sealed, method, detail, "
                                  "created_at, expires_at, attempts, next_at, leased_until, state, reply_code) "
                                  "VALUES (:realm, :user, :mail, :kind, :key_id, :sealed, :method, :detail, "
                                  ":created, :expires, 0, :next, 0, 'waiting', 0)"));
    query.bind(":realm", mail.realm)
        .bind(":user", mail.user)
        .bind(":mail", mail.id)
        .bind(":kind", mail.kind)
        .bind(":key_id", mail.key_id)
        .bind(":method", mail.method)
        .bind(":detail", mail.detail)
        .bind(":created", mail.created_at.value)
        .bind(":expires", expires)
        .bind(":next", mail.next_at.value);
    if (mail.sealed) query.bind(":sealed", std::span<const std::uint8_t>(*mail.sealed));
    query.run();
}

OutboxState read_outbox_state(Database& database) {
    Query query(database.prepared(
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting'), (SELECT count(*) FROM outbox WHERE state = 'dead'), "
        "(SELECT min(max(next_at, leased_until)) FROM outbox WHERE state = 'waiting'), "
        "(SELECT min(created_at) FROM outbox WHERE state = 'waiting')"));
    OutboxState state;
    if (!query.step()) throw SQLite::Exception("the outbox cannot be read");
    state.waiting = query.integer(0);
    state.dead = query.integer(1);
    state.next_at = maybe_time(query, 2);
    state.oldest = maybe_time(query, 3);
    return state;
}

std::optional<OutboxRecord> lease_mail(Database& database, const MailLease& lease) {
    drop_expired(database, lease.now);
    const auto found = find_due(database, lease);
    if (!found) return std::nullopt;
    Query query(database.prepared(
        "UPDATE outbox SET leased_until = :until WHERE realm = :realm AND user = :user AND mail = :mail "
        "AND state = 'waiting' AND next_at <= :now AND (leased_until <= :now OR leased_until > :until OR :alone) "
        "RETURNING kind, key_id, sealed, method, detail, created_at, expires_at, attempts, next_at, leased_until"));
    query.bind(":until", lease.now.value + kMailLeaseSeconds)
        .bind(":realm", found->realm)
        .bind(":user", found->user)
        .bind(":mail", found->mail)
        .bind(":now", lease.now.value)
        .bind(":alone", std::int64_t{lease.alone});
    if (!query.step()) return std::nullopt;
    OutboxRecord mail{.realm = found->realm,
                      .user = found->user,
                      .id = found->mail,
                      .kind = query.text(0),
                      .key_id = query.text(1),
                      .sealed = std::nullopt,
                      .method = query.text(3),
                      .detail = query.text(4),
                      .created_at = UnixSeconds{query.integer(5)},
                      .expires_at = maybe_time(query, 6),
                      .attempts = query.integer(7),
                      .next_at = UnixSeconds{query.integer(8)},
                      .leased_until = UnixSeconds{query.integer(9)}};
    // Not by `sealed IS NULL`: SQLite 3.40 answers 0 there, in RETURNING, for a row that holds NULL.
    if (auto sealed = query.blob(2); !sealed.empty()) mail.sealed = std::move(sealed);
    while (query.step()) {
    }
    return mail;
}

bool finish_mail(Database& database, const MailFinish& finish) {
    switch (finish.fate) {
        case MailFinish::Fate::Erase:
            if (!erase(database, finish.mail)) return false;
            for (const OutboxRecord& other : finish.others) insert_mail(database, other);
            return true;
        case MailFinish::Fate::Dead: return bury(database, finish);
        case MailFinish::Fate::Retry:
        case MailFinish::Fate::Release: break;
    }
    return put_back(database, finish);
}

}  // namespace countersign::server
