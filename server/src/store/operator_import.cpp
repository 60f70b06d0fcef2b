// SPDX-License-Identifier: Apache-2.0
#include "store/operator_import.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/refusal.h"
#include "store/audit.h"
#include "store/contact_rows.h"

namespace countersign::server {
namespace {

/// Of his authenticators, in use.
std::vector<std::int64_t> slots_of(Database& database, const CredentialRecord& credential) {
    Query query(database.prepared("SELECT slot FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method = :method AND slot IS NOT NULL ORDER BY slot"));
    query.bind(":realm", credential.realm).bind(":user", credential.user).bind(":method", credential.method);
    std::vector<std::int64_t> slots;
    while (query.step()) slots.push_back(query.integer(0));
    return slots;
}

/// What was begun before ends: it would be another first one.
void delete_pending(Database& database, const CredentialRecord& credential) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND status = 'pending'"))
        .bind(":realm", credential.realm)
        .bind(":user", credential.user)
        .bind(":method", credential.method)
        .run();
}

void insert_at(Database& database, const CredentialRecord& credential, std::int64_t slot, UnixSeconds now) {
    const bool disabled = credential.status == CredentialStatus::Disabled;
    Query(database.prepared(
              "INSERT INTO credential (realm, user, credential, method, status, slot, last_step, failures, not_before, "
              "window_start, window_failures, successes, algorithm, digits, period, key_id, sealed, created_at, "
              "active_at, name) VALUES (:realm, :user, :credential, :method, :status, :slot, :last_step, 0, 0, 0, 0, 0, "
              ":algorithm, :digits, :period, :key_id, :sealed, :now, :now, :name)"))
        .bind(":realm", credential.realm)
        .bind(":user", credential.user)
        .bind(":credential", credential.id)
        .bind(":method", credential.method)
        .bind(":status", disabled ? "disabled" : "active")
        .bind(":slot", slot)
        .bind(":last_step", credential.last_step.value)
        .bind(":algorithm", algorithm_name(credential.parameters.algorithm))
        .bind(":digits", std::int64_t{credential.parameters.digits})
        .bind(":period", credential.parameters.period_seconds)
        .bind(":key_id", credential.key_id)
        .bind(":sealed", std::span<const std::uint8_t>(credential.sealed))
        .bind(":now", now.value)
        .bind(":name", credential.name)
        .run();
}

/// Whether he was there before this import: with any method, or an address.
bool is_known(Database& database, const CredentialRecord& credential) {
    return Query(database.prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user AND status <> 'pending' "
                                   "UNION ALL SELECT 1 FROM contact WHERE realm = :realm AND user = :user LIMIT 1"))
        .bind(":realm", credential.realm)
        .bind(":user", credential.user)
        .run();
}

enum class Placed : unsigned char { Yes, WasThere, TooMany };

Placed place(Database& database, const PersonImport& person, OnExisting on_existing, UnixSeconds now) {
    std::vector<std::int64_t> taken = slots_of(database, person.credentials.front());
    if (!taken.empty() && on_existing != OnExisting::Add) return Placed::WasThere;
    delete_pending(database, person.credentials.front());
    for (const CredentialRecord& credential : person.credentials) {
        if (taken.size() >= kMaxAuthenticators) return Placed::TooMany;
        std::int64_t slot = 0;
        while (std::ranges::find(taken, slot) != taken.end()) ++slot;
        insert_at(database, credential, slot, now);
        taken.push_back(slot);
    }
    // What the store knows already is newer than any file.
    const auto& contact = person.contact;
    if (contact && !find_contact(database, contact->realm, contact->user)) save_contact(database, *contact);
    return Placed::Yes;
}

/// In the audit log, and to himself: somebody else has added a way to sign in as him.
void tell_of(Database& database, const PersonImport& person, UnixSeconds now) {
    for (const CredentialRecord& credential : person.credentials) {
        record_event(database, now, {credential.realm, credential.user, "credential.imported", credential.method,
                                     credential.id, "who=operator"});
    }
}

}  // namespace

Answer<ImportedPeople> import_people(Database& database, const PeopleImport& import) {
    ImportedPeople done;
    // Before anybody comes in: one event tells of all who are new, however many lines each has.
    std::vector<bool> known;
    for (const PersonImport& person : import.people) known.push_back(is_known(database, person.credentials.front()));
    auto was_known = known.cbegin();
    for (const PersonImport& person : import.people) {
        const bool told = *was_known++;
        const Placed placed = place(database, person, import.on_existing, import.now);
        const auto refuse_line = [&](std::string_view why) {
            std::string detail = "line " + std::to_string(person.line);
            return refuse(ServerErrorCode::ImportRowInvalid, detail.append(": ").append(why));
        };
        if (placed == Placed::TooMany) return refuse_line("this user would have over 5 authenticators");
        if (placed == Placed::Yes && told) tell_of(database, person, import.now);
        if (placed == Placed::Yes) ++done.imported;
        else if (import.on_existing == OnExisting::Skip) done.skipped.push_back(person.line);
        else return refuse_line("this user has an authenticator already");
    }
    const std::string nobody;
    record_event(database, import.now,
                 {import.realm, nobody, "users.imported", "totp", "", std::to_string(done.imported)});
    return done;
}

}  // namespace countersign::server
