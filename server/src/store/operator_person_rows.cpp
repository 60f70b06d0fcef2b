// SPDX-License-Identifier: Apache-2.0
#include "store/operator_person_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/addresses.h"
#include "store/code_sets.h"
#include "store/contact_rows.h"
#include "store/rows.h"
#include "store/schema.h"

namespace countersign::server {
namespace {

std::vector<std::string> methods_of(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT DISTINCT method FROM credential WHERE realm = :realm AND user = :user "
                                  "ORDER BY method"));
    query.bind(":realm", realm).bind(":user", user);
    std::vector<std::string> methods;
    while (query.step()) methods.push_back(query.text(0));
    return methods;
}

void read_counts(Database& database, HeldMethod& held) {
    Query query(database.prepared("SELECT failures, window_failures, successes, uses, not_before FROM credential "
                                  "WHERE realm = :realm AND user = :user AND credential = :credential"));
    query.bind(":realm", held.credential.realm)
        .bind(":user", held.credential.user)
        .bind(":credential", held.credential.id);
    if (!query.step()) return;
    held.failures = query.integer(0);
    held.window_failures = query.integer(1);
    held.successes = query.integer(2);
    held.uses = query.integer(3);
    held.not_before = UnixSeconds{query.integer(4)};
}

std::int64_t count(Database& database, Sql sql, const Person& person, UnixSeconds now) {
    Query query(database.prepared(sql));
    query.bind(":realm", person.realm).bind(":user", person.user).bind(":now", now.value);
    return query.step() ? query.integer(0) : 0;
}

}  // namespace

Person read_person(Database& database, const std::string& realm, const std::string& user, UnixSeconds now) {
    Person person;
    person.realm = realm;
    person.user = user;
    person.contact = find_contact(database, realm, user);
    person.alternates = find_alternate_choice(database, realm, user);
    const UnixSeconds floor = read_state(database).floor_time;
    for (const std::string& method : methods_of(database, realm, user)) {
        for (CredentialRecord& credential : find_credentials(database, realm, user, method)) {
            if (credential.status == CredentialStatus::Pending && credential.expires_at <= now) continue;
            HeldMethod held;
            held.credential = std::move(credential);
            read_counts(database, held);
            held.codes_left = count_usable_codes(database, realm, user, held.credential.id, now, floor);
            person.methods.push_back(std::move(held));
        }
    }
    person.sessions = count(database, "SELECT count(*) FROM session WHERE realm = :realm AND user = :user "
                                      "AND expires_at > :now", person, now);
    person.challenges = count(database, "SELECT count(*) FROM challenge WHERE realm = :realm AND user = :user "
                                        "AND expires_at > :now", person, now);
    person.mails = count(database, "SELECT count(*) FROM outbox WHERE realm = :realm AND user = :user "
                                   "AND state = 'waiting' AND (expires_at IS NULL OR expires_at > :now)", person, now);
    return person;
}

std::vector<std::string> read_user_names(Database& database, const PeoplePage& page) {
    const auto read = [&](Sql sql) {
        Query query(database.prepared(sql));
        query.bind(":realm", page.realm).bind(":after", page.after).bind(":most", page.most);
        std::vector<std::string> names;
        while (query.step()) names.push_back(query.text(0));
        return names;
    };
    // Each by its own key, so that a page of a store of millions costs a page.
    const auto with_methods = read("SELECT DISTINCT user FROM credential WHERE realm = :realm AND user > :after "
                                   "ORDER BY user LIMIT :most");
    const auto with_address = read("SELECT user FROM contact WHERE realm = :realm AND user > :after "
                                   "ORDER BY user LIMIT :most");
    std::vector<std::string> names;
    std::ranges::set_union(with_methods, with_address, std::back_inserter(names));
    if (names.size() > static_cast<std::size_t>(page.most)) names.resize(static_cast<std::size_t>(page.most));
    return names;
}

}  // namespace countersign::server
