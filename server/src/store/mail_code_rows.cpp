// SPDX-License-Identifier: Apache-2.0
#include "store/mail_code_rows.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "store/counting.h"
#include "store/outbox_rows.h"

namespace countersign::server {
namespace {

Query& bind_key(Query& query, const MailCodeKey& key) {
    return query.bind(":realm", key.realm)
        .bind(":user", key.user)
        .bind(":credential", key.credential)
        .bind(":bound", key.bound_to);
}

MailCodeKey key_of(const MailCodeIssue& issue) { return {issue.realm, issue.user, issue.credential, issue.bound_to}; }

/// Locks the address's own row: an active one past its hold, or the pending one of this session's set-up. Its status.
std::optional<std::string> lock_address(Database& database, const MailCodeIssue& issue, UnixSeconds floor) {
    Query query(database.prepared(
        "UPDATE credential SET failures = failures WHERE realm = :realm AND user = :user "
        "AND credential = :credential AND method = :method AND not_before <= :now "
        "AND ((status = 'active' AND usable_from <= :now) "
        "OR (status = 'pending' AND session = :bound AND expires_at > :now AND created_at > :floor)) RETURNING status"));
    query.bind(":method", issue.method).bind(":now", issue.now.value).bind(":floor", floor.value);
    if (!bind_key(query, key_of(issue)).step()) return std::nullopt;
    std::string status = query.text(0);
    while (query.step()) {
    }
    return status;
}

int pause_of(Database& database, const MailCodeIssue& issue) {
    Query query(database.prepared("SELECT not_before FROM credential WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential"));
    query.bind(":realm", issue.realm).bind(":user", issue.user).bind(":credential", issue.credential);
    return query.step() ? wait_until(query.integer(0), issue.now) : 0;
}

/// How often mail goes out on one account, and whose that is.
struct Allowance {
    std::span<const std::uint8_t> of;  ///< a keyed hash of an address, or words about a user
    std::int64_t gap_seconds;
    std::int64_t an_hour;
    std::int64_t a_day;
};

/// Gate and count in one statement. A time ahead of now is from before the clock was set back.
bool take(Database& database, const MailCodeIssue& issue, const Allowance& allowance) {
    Query query(database.prepared(
        "INSERT INTO mail_allowance (realm, address, last_at, hour_start, hour_count, day_start, day_count, expires_at) "
        "VALUES (:realm, :address, :now, :now, 1, :now, 1, :now + 86400) "
        "ON CONFLICT (realm, address) DO UPDATE SET last_at = :now, expires_at = :now + 86400, "
        "hour_start = CASE WHEN :now - hour_start BETWEEN 0 AND 3599 THEN hour_start ELSE :now END, "
        "hour_count = CASE WHEN :now - hour_start BETWEEN 0 AND 3599 THEN hour_count + 1 ELSE 1 END, "
        "day_start = CASE WHEN :now - day_start BETWEEN 0 AND 86399 THEN day_start ELSE :now END, "
        "day_count = CASE WHEN :now - day_start BETWEEN 0 AND 86399 THEN day_count + 1 ELSE 1 END "
        "WHERE :now - last_at NOT BETWEEN 0 AND :gap - 1 "
        "AND (hour_count < :hour OR :now - hour_start NOT BETWEEN 0 AND 3599) "
        "AND (day_count < :day OR :now - day_start NOT BETWEEN 0 AND 86399) RETURNING 1"));
    return query.bind(":realm", issue.realm)
        .bind(":address", allowance.of)
        .bind(":now", issue.now.value)
        .bind(":gap", allowance.gap_seconds)
        .bind(":hour", allowance.an_hour)
        .bind(":day", allowance.a_day)
        .run();
}

/// Until the next mail may go out on it; only tells.
int wait_for(Database& database, const MailCodeIssue& issue, const Allowance& allowance) {
    Query query(database.prepared(
        "SELECT max(last_at + :gap, CASE WHEN hour_count < :hour THEN 0 ELSE hour_start + 3600 END, "
        "CASE WHEN day_count < :day THEN 0 ELSE day_start + 86400 END) FROM mail_allowance "
        "WHERE realm = :realm AND address = :address"));
    query.bind(":realm", issue.realm)
        .bind(":address", allowance.of)
        .bind(":gap", allowance.gap_seconds)
        .bind(":hour", allowance.an_hour)
        .bind(":day", allowance.a_day);
    return query.step() ? wait_until(query.integer(0), issue.now) : 0;
}

/// R23's numbers. An alternate address is any that a user names: he may not mail to one stranger after the other, nor
/// use up what belongs to somebody who signs in by it.
void take_allowances(Database& database, const MailCodeIssue& issue, bool names_it, MailCodeIssued& issued) {
    const Allowance address{issue.address_hash, 60, names_it ? 3 : 5, names_it ? 6 : 10};
    const std::string name = "set-ups\n" + issue.user;
    const Allowance user{{reinterpret_cast<const std::uint8_t*>(name.data()), name.size()}, 0, 5, 10};
    issued.ok = (!names_it || take(database, issue, user)) && take(database, issue, address);
    issued.retry_after_seconds = wait_for(database, issue, address);
    if (names_it) issued.retry_after_seconds = std::max(issued.retry_after_seconds, wait_for(database, issue, user));
}

void save_code(Database& database, const MailCodeIssue& issue) {
    Query query(database.prepared(
        "INSERT INTO mail_code (realm, user, credential, bound_to, digest, tries_left, issued_at, expires_at) "
        "VALUES (:realm, :user, :credential, :bound, :digest, :tries, :now, :expires) "
        "ON CONFLICT (realm, user, credential, bound_to) DO UPDATE SET digest = excluded.digest, "
        "tries_left = excluded.tries_left, issued_at = excluded.issued_at, expires_at = excluded.expires_at"));
    query.bind(":digest", std::span<const std::uint8_t>(issue.digest))
        .bind(":tries", std::int64_t{issue.tries})
        .bind(":now", issue.now.value)
        .bind(":expires", issue.expires_at.value);
    bind_key(query, key_of(issue)).run();
}

/// A code that is void by now must not arrive after the one that replaces it.
void drop_overtaken(Database& database, const OutboxRecord& mail) {
    Query(database.prepared("DELETE FROM outbox WHERE realm = :realm AND user = :user AND kind = :kind "
                            "AND detail = :detail AND state = 'waiting'"))
        .bind(":realm", mail.realm)
        .bind(":user", mail.user)
        .bind(":kind", mail.kind)
        .bind(":detail", mail.detail)
        .run();
}

}  // namespace

MailCodeIssued issue_mail_code(Database& database, const MailCodeIssue& issue, UnixSeconds floor) {
    MailCodeIssued issued;
    const auto status = lock_address(database, issue, floor);
    if (!status) {
        issued.retry_after_seconds = pause_of(database, issue);
        return issued;
    }
    take_allowances(database, issue, *status == "pending" && issue.method == kAlternateEmail, issued);
    if (!issued.ok) return issued;
    save_code(database, issue);
    drop_overtaken(database, issue.mail);
    insert_mail(database, issue.mail);
    return issued;
}

bool is_mailed(Database& database, const MailCodeKey& key, const Digest& digest) {
    Query query(database.prepared("SELECT 1 FROM mail_code WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND bound_to = :bound AND digest = :digest"));
    query.bind(":digest", std::span<const std::uint8_t>(digest));
    return bind_key(query, key).run();
}

bool has_live_code(Database& database, const MailCodeKey& key, UnixSeconds now, UnixSeconds floor) {
    Query query(database.prepared("SELECT 1 FROM mail_code WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND bound_to = :bound AND tries_left > 0 "
                                  "AND expires_at > :now AND issued_at > :floor"));
    query.bind(":now", now.value).bind(":floor", floor.value);
    return bind_key(query, key).run();
}

bool spend_mail_code(Database& database, const MailCodeKey& key, const Digest& digest, UnixSeconds now,
                     UnixSeconds floor) {
    Query query(database.prepared("DELETE FROM mail_code WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND bound_to = :bound AND digest = :digest "
                                  "AND tries_left > 0 AND expires_at > :now AND issued_at > :floor RETURNING 1"));
    query.bind(":digest", std::span<const std::uint8_t>(digest)).bind(":now", now.value).bind(":floor", floor.value);
    return bind_key(query, key).run();
}

void miss_mail_code(Database& database, const MailCodeKey& key) {
    Query query(database.prepared("UPDATE mail_code SET tries_left = tries_left - 1 WHERE realm = :realm "
                                  "AND user = :user AND credential = :credential AND bound_to = :bound "
                                  "AND tries_left > 0"));
    bind_key(query, key).run();
}

void forget_mail_codes(Database& database, const std::string& realm, const std::string& user,
                       const std::string& credential) {
    Query(database.prepared("DELETE FROM mail_code WHERE realm = :realm AND user = :user AND credential = :credential"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":credential", credential)
        .run();
    Query(database.prepared("DELETE FROM outbox WHERE realm = :realm AND user = :user AND kind = 'code' "
                            "AND detail LIKE :credential || ' %' AND state = 'waiting'"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":credential", credential)
        .run();
}

}  // namespace countersign::server
