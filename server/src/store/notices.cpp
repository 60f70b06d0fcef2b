// SPDX-License-Identifier: Apache-2.0
#include "store/notices.h"

#include <algorithm>
#include <array>
#include <string>

#include "app/mail_kind.h"
#include "countersign/secret.h"
#include "store/outbox_rows.h"

namespace countersign::server {
namespace {

/// Which mail tells an event.
struct Notice {
    std::string_view event;
    MailKind kind;
    std::string_view number = {};  ///< of the event's detail, which the mail names
    std::string_view needs = {};   ///< a word that the detail has to have
    bool hourly = false;           ///< others can cause it as often as they like
};

constexpr std::array kNotices{
    Notice{"credential.enrolled", MailKind::MethodAdded},
    Notice{"credential.replaced", MailKind::MethodAdded},
    Notice{"credential.imported", MailKind::MethodAdded},
    Notice{"credential.removed", MailKind::MethodRemoved},
    Notice{"credential.locked", MailKind::Locked, {}, {}, true},
    Notice{"credential.many_failures", MailKind::ManyFailures, "in_30_days"},
    Notice{"credential.disabled", MailKind::Disabled},
    Notice{"credential.disabled_by_operator", MailKind::Disabled},
    Notice{"code.replayed", MailKind::Replayed},
    Notice{"static_codes.replaced", MailKind::MethodAdded},
    Notice{"security_code.used", MailKind::CodeUsed, "remaining"},
    Notice{"backup_code.issued", MailKind::BackupCodeIssued, "expires"},
    Notice{"address.changed", MailKind::AddressChanged, "usable_from"},
    Notice{"challenge.passed", MailKind::FallbackUsed, {}, " fallback"},
};

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kMostNotices = 10;  ///< of one kind, about one method of one user, in an hour

std::string new_mail_id() {
    static constexpr std::string_view kSymbols = "abcdefghijklmnopqrstuvwxyz234567";
    const Secret bytes = Secret::random(16);
    std::string id = "mail_";
    for (const std::uint8_t byte : bytes.bytes()) id += kSymbols[byte & 31U];
    return id;
}

/// `name=123` out of a detail; nothing else of it leaves the audit log, where an administrator's words may stand.
std::string number_of(std::string_view detail, std::string_view name) {
    if (name.empty()) return {};
    const std::string wanted = std::string(name) + "=";
    std::size_t from = detail.starts_with(wanted) ? 0 : detail.find(" " + wanted);
    if (from == std::string_view::npos) return {};
    if (detail[from] == ' ') ++from;
    const std::string_view rest = detail.substr(from);
    return std::string(rest.substr(0, rest.find_first_not_of("0123456789", wanted.size())));
}

bool has_address(Database& database, const AuditEvent& event) {
    return Query(database.prepared("SELECT 1 FROM contact WHERE realm = :realm AND user = :user UNION ALL "
                                   "SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                   "AND method IN ('email', 'alternate_email') AND status <> 'pending' LIMIT 1"))
        .bind(":realm", event.realm)
        .bind(":user", event.user)
        .run();
}

/// Whether an hour has passed since this was last said of the user. Gate and note are one statement.
bool first_this_hour(Database& database, UnixSeconds at, const AuditEvent& event, std::string_view about) {
    const std::string name = "notice\n" + event.user + "\n" + std::string(about);
    Query query(database.prepared(
        "INSERT INTO mail_allowance (realm, address, last_at, hour_start, hour_count, day_start, day_count, expires_at) "
        "VALUES (:realm, :address, :now, :now, 1, :now, 1, :now + :hour) "
        "ON CONFLICT (realm, address) DO UPDATE SET last_at = :now, expires_at = :now + :hour "
        "WHERE last_at <= :now - :hour OR last_at > :now RETURNING 1"));
    return query.bind(":realm", event.realm)
        .bind(":address", std::span(reinterpret_cast<const std::uint8_t*>(name.data()), name.size()))
        .bind(":now", at.value)
        .bind(":hour", kHour)
        .run();
}

/// What a user does to what is his own can be done without end: then enough has been said of it for this hour.
bool within_this_hour(Database& database, UnixSeconds at, const AuditEvent& event, std::string_view about) {
    const std::string name = "notices\n" + event.user + "\n" + std::string(about);
    Query query(database.prepared(
        "INSERT INTO mail_allowance (realm, address, last_at, hour_start, hour_count, day_start, day_count, expires_at) "
        "VALUES (:realm, :address, :now, :now, 1, :now, 1, :now + :hour) "
        "ON CONFLICT (realm, address) DO UPDATE SET last_at = :now, expires_at = :now + :hour, "
        "hour_start = CASE WHEN :now - hour_start BETWEEN 0 AND :hour - 1 THEN hour_start ELSE :now END, "
        "hour_count = CASE WHEN :now - hour_start BETWEEN 0 AND :hour - 1 THEN hour_count + 1 ELSE 1 END "
        "WHERE hour_count < :most OR :now - hour_start NOT BETWEEN 0 AND :hour - 1 RETURNING 1"));
    return query.bind(":realm", event.realm)
        .bind(":address", std::span(reinterpret_cast<const std::uint8_t*>(name.data()), name.size()))
        .bind(":now", at.value)
        .bind(":hour", kHour)
        .bind(":most", kMostNotices)
        .run();
}

}  // namespace

void enqueue_notice(Database& database, UnixSeconds at, const AuditEvent& event) {
    const Notice* const notice = std::ranges::find(kNotices, event.event, &Notice::event);
    if (notice == kNotices.end() || event.user.empty()) return;
    if (!notice->needs.empty() && event.detail.find(notice->needs) == std::string_view::npos) return;
    if (!has_address(database, event)) return;
    const std::string_view name = mail_kind_name(notice->kind);
    const std::string about = std::string(name) + " " + std::string(event.method);
    if (notice->hourly && !first_this_hour(database, at, event, about)) return;
    if (!within_this_hour(database, at, event, about)) return;
    OutboxRecord mail;
    mail.realm = event.realm;
    mail.user = event.user;
    mail.id = new_mail_id();
    mail.kind = name;
    mail.method = event.method;
    mail.detail = number_of(event.detail, notice->number);
    mail.created_at = at;
    mail.next_at = at;
    insert_mail(database, mail);
}

void note_replay(Database& database, UnixSeconds at, const AuditEvent& event) {
    if (first_this_hour(database, at, event, "replayed " + std::string(event.credential))) {
        record_event(database, at, event);
    }
}

}  // namespace countersign::server
