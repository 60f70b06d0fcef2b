// SPDX-License-Identifier: Apache-2.0
#include "store/addresses.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/store.h"
#include "store/audit.h"
#include "store/elevation.h"
#include "store/mail_code_rows.h"
#include "store/outbox_rows.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/second_factors.h"

namespace countersign::server {
namespace {

/// What a user has that is not pending.
struct Bound {
    std::string credential;
    std::string method;
    bool active = false;

    [[nodiscard]] bool is_second_factor() const { return active && (method == "totp" || method == kEmail); }
};

std::vector<Bound> bound_of(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT credential, method, status FROM credential "
                                  "WHERE realm = :realm AND user = :user AND status <> 'pending'"));
    query.bind(":realm", realm).bind(":user", user);
    std::vector<Bound> bound;
    while (query.step()) bound.push_back({query.text(0), query.text(1), query.text(2) == "active"});
    return bound;
}

/// The one of a method, of which a user has one address at most; empty: none.
std::string bound_address(const std::vector<Bound>& bound, std::string_view method) {
    const auto found = std::ranges::find(bound, method, &Bound::method);
    return found == bound.end() ? std::string{} : found->credential;
}

/// Whether the session may change what the user has; nothing: it may.
std::optional<ChangeResult> refusal(const std::optional<Standing>& session, bool has_any) {
    if (!session) return ChangeResult::SessionGone;
    if (has_any && !session->elevated) return ChangeResult::StepUpRequired;
    if (session->recovery) return ChangeResult::RecoveryOnly;
    return std::nullopt;
}

void delete_pending(Database& database, const MailCodeIssue& code) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND status = 'pending'"))
        .bind(":realm", code.realm)
        .bind(":user", code.user)
        .bind(":method", code.method)
        .run();
}

/// The end of the session's own set-up of this address that still stands; nothing: there is none.
std::optional<UnixSeconds> standing_set_up(Database& database, const AddressBegin& begin, bool elevated,
                                           UnixSeconds floor) {
    const MailCodeIssue& code = begin.code;
    Query query(database.prepared("SELECT expires_at FROM credential WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND method = :method AND status = 'pending' "
                                  "AND session = :session AND elevated = :elevated AND coalesce(replaces, '') = :replaces "
                                  "AND expires_at > :now AND created_at > :floor"));
    query.bind(":realm", code.realm)
        .bind(":user", code.user)
        .bind(":credential", code.credential)
        .bind(":method", code.method)
        .bind(":session", begin.session)
        .bind(":elevated", std::int64_t{elevated})
        .bind(":replaces", begin.replaces)
        .bind(":now", code.now.value)
        .bind(":floor", floor.value);
    if (!query.step()) return std::nullopt;
    return UnixSeconds{query.integer(0)};
}

void insert_pending(Database& database, const AddressBegin& begin, bool elevated) {
    CredentialRecord row;  // what authenticators alone need keeps its harmless default
    row.realm = begin.code.realm;
    row.user = begin.code.user;
    row.id = begin.code.credential;
    row.method = begin.code.method;
    row.key_id = begin.key_id;
    row.sealed = begin.sealed;
    row.created_at = begin.code.now;
    row.expires_at = begin.expires_at;
    row.session = begin.session;
    row.replaces = begin.replaces;
    row.elevated = elevated;
    insert_credential(database, row);
}

struct PendingAddress {
    std::string replaces;
    bool elevated = false;
    int wait_seconds = 0;
};

std::optional<PendingAddress> find_pending(Database& database, const AddressConfirm& confirm, UnixSeconds floor) {
    Query query(database.prepared("SELECT coalesce(replaces, ''), elevated, not_before FROM credential "
                                  "WHERE realm = :realm AND user = :user AND credential = :credential "
                                  "AND method = :method AND status = 'pending' AND session = :session "
                                  "AND expires_at > :now AND created_at > :floor"));
    query.bind(":realm", confirm.realm)
        .bind(":user", confirm.user)
        .bind(":credential", confirm.credential)
        .bind(":method", confirm.method)
        .bind(":session", confirm.session)
        .bind(":now", confirm.now.value)
        .bind(":floor", floor.value);
    if (!query.step()) return std::nullopt;
    PendingAddress pending;
    pending.replaces = query.text(0);
    pending.elevated = query.integer(1) != 0;
    pending.wait_seconds = wait_until(query.integer(2), confirm.now);
    return pending;
}

void delete_credential(Database& database, const std::string& realm, const std::string& user,
                       const std::string& credential) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND credential = :credential "
                            "AND status <> 'pending'"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":credential", credential)
        .run();
    Query(database.prepared("DELETE FROM security_code WHERE realm = :realm AND user = :user "
                            "AND credential = :credential"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":credential", credential)
        .run();
    forget_mail_codes(database, realm, user, credential);
}

/// OR IGNORE: the unique slot refuses a second one, and refusing is no row.
bool activate(Database& database, const AddressConfirm& confirm, UnixSeconds floor) {
    return Query(database.prepared("UPDATE OR IGNORE credential SET status = 'active', slot = 0, failures = 0, "
                                   "active_at = :now, usable_from = :usable, expires_at = NULL, session = NULL, "
                                   "replaces = NULL, elevated = 0 "
                                   "WHERE realm = :realm AND user = :user AND credential = :credential "
                                   "AND method = :method AND status = 'pending' AND session = :session "
                                   "AND expires_at > :now AND created_at > :floor AND not_before <= :now RETURNING 1"))
        .bind(":now", confirm.now.value)
        .bind(":usable", confirm.usable_from.value)
        .bind(":realm", confirm.realm)
        .bind(":user", confirm.user)
        .bind(":credential", confirm.credential)
        .bind(":method", confirm.method)
        .bind(":session", confirm.session)
        .bind(":floor", floor.value)
        .run();
}

MailCodeKey key_of(const AddressConfirm& confirm) {
    return {confirm.realm, confirm.user, confirm.credential, confirm.session};
}

/// The old one's end, the gate of the new one and the use of the code, or none of them.
bool take_place(Database& database, const AddressConfirm& confirm, const std::string& replaces, UnixSeconds floor) {
    database.execute("SAVEPOINT address");
    if (!replaces.empty()) delete_credential(database, confirm.realm, confirm.user, replaces);
    const bool done = activate(database, confirm, floor) &&
                      spend_mail_code(database, key_of(confirm), *confirm.digest, confirm.now, floor);
    if (!done) database.execute("ROLLBACK TO address");
    database.execute("RELEASE address");
    return done;
}

void record_confirmed(Database& database, const AddressConfirm& confirm, const std::string& replaces) {
    const bool alternate = confirm.method == kAlternateEmail;
    const std::string_view event = replaces.empty() ? "credential.enrolled"
                                   : alternate     ? "address.changed"
                                                   : "credential.replaced";
    std::string detail = alternate ? "usable_from=" + std::to_string(confirm.usable_from.value) : "";
    if (!replaces.empty()) detail.append(detail.empty() ? "" : " ").append("replaced=").append(replaces);
    record_event(database, confirm.now,
                 {confirm.realm, confirm.user, event, confirm.method, confirm.credential, detail});
    if (!replaces.empty() && confirm.to_the_old) insert_mail(database, *confirm.to_the_old);
}

AddressConfirmed refuse_code(Database& database, const AddressConfirm& confirm, const PendingAddress& pending,
                             UnixSeconds floor, CountOnly only) {
    using enum AddressConfirmResult;
    if (pending.wait_seconds > 0) return {Wait, pending.wait_seconds};
    if (!has_live_code(database, key_of(confirm), confirm.now, floor)) return {Expired, 0};
    if (!confirm.digest) return {Wrong, 0};  // a typing slip costs nothing (R14b)
    miss_mail_code(database, key_of(confirm));
    const auto counted =
        count_failure(database, {confirm.realm, confirm.user, confirm.credential, confirm.now, confirm.session, floor},
                      confirm.counting);
    if (!counted) return {Wait, pending.wait_seconds};
    if (counted->failures >= confirm.counting.pause_from_failure && only == CountOnly::No) {
        record_event(database, confirm.now,
                     {confirm.realm, confirm.user, "enrollment.locked", confirm.method, confirm.credential, ""});
    }
    return {Wrong, wait_until(counted->not_before, confirm.now)};
}

bool is_removable(std::string_view method) {
    return method == kEmail || method == kAlternateEmail || method == "kba" || method == kStaticCodes;
}

}  // namespace

AddressBegun begin_address(Database& database, const AddressBegin& begin, UnixSeconds floor) {
    const MailCodeIssue& code = begin.code;
    if (!hold_policy(database, code.realm, begin.policy_version)) return {ChangeResult::PolicyChanged, {}, {}, false};
    const auto session = standing_session(database, {code.realm, code.user, begin.session, code.now, floor});
    const std::vector<Bound> bound = bound_of(database, code.realm, code.user);
    if (const auto refused = refusal(session, !bound.empty())) return {*refused, {}, {}, false};
    if (code.method == kAlternateEmail && std::ranges::none_of(bound, &Bound::is_second_factor)) {
        return {ChangeResult::NoMethod, {}, {}, false};
    }
    if (bound_address(bound, code.method) != begin.replaces) return {ChangeResult::PolicyChanged, {}, {}, false};
    database.execute("SAVEPOINT address");
    const auto standing = standing_set_up(database, begin, session->elevated, floor);
    if (!standing) {
        delete_pending(database, code);
        insert_pending(database, begin, session->elevated);
    }
    AddressBegun begun{ChangeResult::Done, issue_mail_code(database, code, floor), standing.value_or(begin.expires_at),
                       standing.has_value()};
    if (!begun.mail.ok) database.execute("ROLLBACK TO address");
    database.execute("RELEASE address");
    return begun;
}

AddressConfirmed confirm_address(Database& database, const AddressConfirm& confirm, UnixSeconds floor, CountOnly only) {
    using enum AddressConfirmResult;
    if (!hold_policy(database, confirm.realm, confirm.policy_version)) return {PolicyChanged, 0};
    const SessionKey session{confirm.realm, confirm.user, confirm.session, confirm.now, floor};
    if (!standing_session(database, session)) return {SessionGone, 0};
    const auto pending = find_pending(database, confirm, floor);
    const std::vector<Bound> bound = bound_of(database, confirm.realm, confirm.user);
    // Begun as the user's first, and something came before; or what it replaces is another by now.
    const bool overtaken = pending && ((!pending->elevated && !bound.empty()) ||
                                       bound_address(bound, confirm.method) != pending->replaces ||
                                       pending->replaces != confirm.replaces);
    if (!pending || overtaken) return {Gone, 0};
    const bool right = confirm.digest && is_mailed(database, key_of(confirm), *confirm.digest);
    if (right && only == CountOnly::Yes) return {};
    if (!right || !take_place(database, confirm, pending->replaces, floor)) {
        return refuse_code(database, confirm, *pending, floor, only);
    }
    end_other_elevations(database, session);
    record_confirmed(database, confirm, pending->replaces);
    return {Done, 0};
}

ChangeResult remove_method(Database& database, const MethodRemoval& removal, UnixSeconds floor) {
    if (!hold_policy(database, removal.realm, removal.policy_version)) return ChangeResult::PolicyChanged;
    const SessionKey session{removal.realm, removal.user, removal.session, removal.now, floor};
    const std::vector<Bound> bound = bound_of(database, removal.realm, removal.user);
    if (const auto refused = refusal(standing_session(database, session), !bound.empty())) return *refused;
    const auto found = std::ranges::find(bound, removal.credential, &Bound::credential);
    if (found == bound.end() || !is_removable(found->method)) return ChangeResult::Unknown;
    const bool factor = found->method == kEmail;
    if (factor && !may_lose(database, removal.realm, removal.user, removal.credential, removal.rules)) {
        return ChangeResult::Last;
    }
    delete_credential(database, removal.realm, removal.user, removal.credential);
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND status = 'pending'"))
        .bind(":realm", removal.realm)
        .bind(":user", removal.user)
        .bind(":method", found->method)
        .run();
    if (factor) forget_fallbacks_of_none(database, removal.realm, removal.user);
    end_other_elevations(database, session);
    record_event(database, removal.now,
                 {removal.realm, removal.user, "credential.removed", found->method, removal.credential, ""});
    return ChangeResult::Done;
}

ChangeResult choose_alternates(Database& database, const AlternateChoice& choice, UnixSeconds floor) {
    if (!hold_policy(database, choice.realm, choice.policy_version)) return ChangeResult::PolicyChanged;
    const std::vector<Bound> bound = bound_of(database, choice.realm, choice.user);
    const auto session = standing_session(database, {choice.realm, choice.user, choice.session, choice.now, floor});
    if (const auto refused = refusal(session, !bound.empty())) return *refused;
    // Or whoever is first at a new user's page picks what holds when its owner has a second factor.
    if (std::ranges::none_of(bound, &Bound::is_second_factor)) return ChangeResult::NoMethod;
    if (find_alternate_choice(database, choice.realm, choice.user) == choice.alternates) return ChangeResult::Done;
    Query(database.prepared("INSERT INTO alternate_choice (realm, user, alternates, at) "
                            "VALUES (:realm, :user, :alternates, :now) ON CONFLICT (realm, user) "
                            "DO UPDATE SET alternates = excluded.alternates, at = excluded.at"))
        .bind(":realm", choice.realm)
        .bind(":user", choice.user)
        .bind(":alternates", choice.alternates)
        .bind(":now", choice.now.value)
        .run();
    record_event(database, choice.now,
                 {choice.realm, choice.user, "alternates.chosen", "", "", choice.alternates});
    return ChangeResult::Done;
}

std::string find_alternate_choice(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT alternates FROM alternate_choice WHERE realm = :realm AND user = :user"));
    query.bind(":realm", realm).bind(":user", user);
    return query.step() ? query.text(0) : std::string{};
}

}  // namespace countersign::server
