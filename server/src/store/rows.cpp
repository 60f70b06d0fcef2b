// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

#include <algorithm>
#include <utility>

namespace countersign::server {
namespace {

std::string_view status_name(CredentialStatus status) noexcept {
    switch (status) {
        case CredentialStatus::Pending: return "pending";
        case CredentialStatus::Active: return "active";
        case CredentialStatus::Disabled: return "disabled";
    }
    return "";
}

/// A word we do not know is the strictest one: nothing is accepted on it.
CredentialStatus read_status(std::string_view name) noexcept {
    if (name == "active") return CredentialStatus::Active;
    return name == "pending" ? CredentialStatus::Pending : CredentialStatus::Disabled;
}

std::optional<UnixSeconds> maybe_time(const Query& row, int column) {
    const auto value = row.maybe_integer(column);
    if (!value) return std::nullopt;
    return UnixSeconds{*value};
}

CredentialRecord read_credential(const Query& row, const std::string& realm, const std::string& user,
                                 const std::string& method) {
    CredentialRecord record;
    record.realm = realm;
    record.user = user;
    record.method = method;
    record.id = row.text(0);
    record.status = read_status(row.text(1));
    record.last_step = TimeStep{row.integer(2)};
    const auto algorithm = parse_algorithm(row.text(3));
    if (!algorithm) throw SQLite::Exception("a credential's algorithm is unknown");
    record.parameters = {*algorithm, static_cast<int>(row.integer(4)), row.integer(5)};
    record.key_id = row.text(6);
    record.sealed = row.blob(7);
    record.created_at = UnixSeconds{row.integer(8)};
    record.active_since = maybe_time(row, 9);
    record.last_used = maybe_time(row, 10);
    record.expires_at = UnixSeconds{row.maybe_integer(11).value_or(0)};
    record.session = row.text(12);
    record.name = row.text(13);
    record.replaces = row.text(14);
    record.elevated = row.integer(15) != 0;
    record.box_key = row.blob(16);
    record.box = row.blob(17);
    record.recovery = row.integer(18) != 0;
    record.usable_from = UnixSeconds{row.integer(19)};
    return record;
}

/// Of one user and purpose at a time; one more ends the oldest, so that whoever may open sessions cannot fill the
/// disk, nor end by logins that he begins what the owner has open (L10).
constexpr std::int64_t kOtherSessions = 15;
constexpr int kSweptAtOnce = 200;

}  // namespace

std::optional<AppKeyRecord> find_app_key(Database& database, const Digest& lookup) {
    Query query(database.prepared("SELECT realm, app_key, name, scopes, lookup, binding, created_at, revoked_at "
                                  "FROM app_key WHERE lookup = :lookup"));
    query.bind(":lookup", std::span<const std::uint8_t>(lookup));
    if (!query.step()) return std::nullopt;
    return AppKeyRecord{query.text(0),   query.text(1),   query.text(2),
                        query.text(3),   query.digest(4), query.digest(5),
                        UnixSeconds{query.integer(6)}, maybe_time(query, 7)};
}

bool may_call(Database& database, const std::string& realm, const std::string& app_key) {
    return Query(database.prepared("SELECT 1 FROM app_key WHERE realm = :realm AND app_key = :app_key "
                                   "AND revoked_at IS NULL"))
        .bind(":realm", realm)
        .bind(":app_key", app_key)
        .run();
}

bool has_origin(Database& database, const std::string& realm, const std::string& app_key, const std::string& origin) {
    Query query(database.prepared("SELECT EXISTS (SELECT 1 FROM app_key WHERE revoked_at IS NULL "
                                  "AND (:app_key = '' OR (realm = :realm AND app_key = :app_key)) "
                                  "AND instr(' ' || allowed_origins || ' ', ' ' || :origin || ' ') > 0)"));
    query.bind(":realm", realm).bind(":app_key", app_key).bind(":origin", origin);
    return query.step() && query.integer(0) != 0;
}

std::optional<SessionRecord> find_session(Database& database, const Digest& lookup) {
    Query query(database.prepared("SELECT realm, user, session, purpose, account, issuer, lookup, binding, "
                                  "created_at, expires_at, elevated_until, recovery, app_key, challenge, scopes FROM session "
                                  "WHERE lookup = :lookup AND created_at > (SELECT floor_time FROM state)"));
    query.bind(":lookup", std::span<const std::uint8_t>(lookup));
    if (!query.step()) return std::nullopt;
    return SessionRecord{.realm = query.text(0),
                         .user = query.text(1),
                         .id = query.text(2),
                         .purpose = query.text(3),
                         .account = query.text(4),
                         .issuer = query.text(5),
                         .lookup = query.digest(6),
                         .binding = query.digest(7),
                         .created_at = UnixSeconds{query.integer(8)},
                         .expires_at = UnixSeconds{query.integer(9)},
                         .elevated_until = UnixSeconds{query.integer(10)},
                         .recovery = query.integer(11) != 0,
                         .app_key = query.text(12),
                         .challenge = query.text(13),
                         .scopes = query.text(14),
                         .opens = {},
                         .earned = {},
                         .contact = {}};
}

std::vector<CredentialRecord> find_credentials(Database& database, const std::string& realm, const std::string& user,
                                               const std::string& method) {
    Query query(database.prepared("SELECT credential, status, last_step, algorithm, digits, period, key_id, sealed, "
                                  "created_at, active_at, last_used_at, expires_at, session, name, replaces, "
                                  "elevated, box_key, box, recovery, usable_from FROM credential "
                                  "WHERE realm = :realm AND user = :user AND method = :method "
                                  "ORDER BY slot IS NULL, slot, created_at, credential"));
    query.bind(":realm", realm).bind(":user", user).bind(":method", method);
    std::vector<CredentialRecord> found;
    while (query.step()) found.push_back(read_credential(query, realm, user, method));
    return found;
}

void insert_session(Database& database, const SessionRecord& session) {
    Query(database.prepared("DELETE FROM session WHERE realm = :realm AND user = :user AND session IN ("
                            "SELECT session FROM session WHERE realm = :realm AND user = :user "
                            "AND purpose = :purpose ORDER BY created_at DESC, session LIMIT -1 OFFSET :others)"))
        .bind(":realm", session.realm)
        .bind(":user", session.user)
        .bind(":purpose", session.purpose)
        .bind(":others", kOtherSessions)
        .run();
    Query(database.prepared("INSERT INTO session (realm, user, session, purpose, account, issuer, lookup, binding, "
                            "created_at, expires_at, elevated_until, recovery, app_key, challenge, scopes) "
                            "VALUES (:realm, :user, :session, :purpose, :account, :issuer, :lookup, :binding, "
                            ":created, :expires, :elevated, :recovery, :app_key, :challenge, :scopes)"))
        .bind(":realm", session.realm)
        .bind(":user", session.user)
        .bind(":session", session.id)
        .bind(":purpose", session.purpose)
        .bind(":account", session.account)
        .bind(":issuer", session.issuer)
        .bind(":lookup", std::span<const std::uint8_t>(session.lookup))
        .bind(":binding", std::span<const std::uint8_t>(session.binding))
        .bind(":created", session.created_at.value)
        .bind(":expires", session.expires_at.value)
        .bind(":elevated", session.elevated_until.value)
        .bind(":recovery", std::int64_t{session.recovery})
        .bind(":app_key", session.app_key)
        .bind(":challenge", session.challenge)
        .bind(":scopes", session.scopes)
        .run();
}

void insert_credential(Database& database, const CredentialRecord& credential) {
    const bool pending = credential.status == CredentialStatus::Pending;
    const std::optional<std::int64_t> nothing;
    Query query(database.prepared(
        "INSERT INTO credential (realm, user, credential, method, status, slot, last_step, failures, not_before, "
        "window_start, window_failures, successes, algorithm, digits, period, key_id, sealed, created_at, active_at, "
        "expires_at, session, name, replaces, elevated, box_key, box, recovery) VALUES (:realm, :user, :credential, :method, "
        ":status, :slot, :last_step, 0, 0, 0, 0, 0, :algorithm, :digits, :period, :key_id, :sealed, :created, :active, "
        ":expires, :session, :name, :replaces, :elevated, :box_key, :box, :recovery)"));
    query.bind(":realm", credential.realm)
        .bind(":user", credential.user)
        .bind(":credential", credential.id)
        .bind(":method", credential.method)
        .bind(":status", status_name(credential.status))
        .bind(":slot", pending ? nothing : std::optional<std::int64_t>(0))
        .bind(":last_step", credential.last_step.value)
        .bind(":algorithm", algorithm_name(credential.parameters.algorithm))
        .bind(":digits", std::int64_t{credential.parameters.digits})
        .bind(":period", credential.parameters.period_seconds)
        .bind(":key_id", credential.key_id)
        .bind(":sealed", std::span<const std::uint8_t>(credential.sealed))
        .bind(":created", credential.created_at.value)
        .bind(":active", credential.active_since ? std::optional(credential.active_since->value) : nothing)
        .bind(":expires", pending ? std::optional(credential.expires_at.value) : nothing)
        .bind(":name", credential.name)
        .bind(":elevated", std::int64_t{pending && credential.elevated})
        .bind(":recovery", std::int64_t{credential.recovery});
    if (pending) {
        query.bind(":session", credential.session)
            .bind(":box_key", std::span<const std::uint8_t>(credential.box_key))
            .bind(":box", std::span<const std::uint8_t>(credential.box));
        if (!credential.replaces.empty()) query.bind(":replaces", credential.replaces);
    }
    query.run();
}

bool sweep_expired(Database& database, UnixSeconds now) {
    bool more = false;
    const auto sweep = [&](Sql statement) {
        Query(database.prepared(statement)).bind(":now", now.value).bind(":most", std::int64_t{kSweptAtOnce}).run();
        more = database.connection().getChanges() == kSweptAtOnce || more;
    };
    sweep("DELETE FROM session WHERE (realm, user, session) IN (SELECT realm, user, session "
          "FROM session WHERE expires_at <= :now LIMIT :most)");
    sweep("DELETE FROM credential WHERE (realm, user, credential) IN (SELECT realm, user, "
          "credential FROM credential WHERE expires_at <= :now LIMIT :most) AND status = 'pending'");
    sweep("DELETE FROM unknown_user WHERE (realm, user, method) IN (SELECT realm, user, method "
          "FROM unknown_user WHERE expires_at <= :now LIMIT :most)");
    sweep("DELETE FROM mail_code WHERE (realm, user, credential, bound_to) IN (SELECT realm, user, credential, bound_to "
          "FROM mail_code WHERE expires_at <= :now LIMIT :most)");
    sweep("DELETE FROM mail_allowance WHERE (realm, address) IN (SELECT realm, address FROM mail_allowance "
          "WHERE expires_at <= :now LIMIT :most)");
    // A code goes when it has expired, a dead letter 30 days after its last try.
    sweep("DELETE FROM outbox WHERE (realm, user, mail) IN (SELECT realm, user, mail FROM outbox "
          "WHERE expires_at <= :now OR (state = 'dead' AND next_at <= :now - 2592000) LIMIT :most)");
    // For as long as one passed at its last moment may still be named as a step-up.
    sweep("DELETE FROM challenge WHERE (realm, user, challenge) IN (SELECT realm, user, challenge FROM challenge "
          "WHERE expires_at <= :now - 600 LIMIT :most)");
    sweep("DELETE FROM challenge_attempt WHERE (realm, user, challenge, attempt) IN (SELECT realm, user, challenge, "
          "attempt FROM challenge_attempt WHERE expires_at <= :now LIMIT :most)");
    return more;
}

}  // namespace countersign::server
