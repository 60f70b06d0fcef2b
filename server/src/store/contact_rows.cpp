// SPDX-License-Identifier: Apache-2.0
#include "store/contact_rows.h"

namespace countersign::server {

std::optional<ContactRecord> find_contact(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT issuer, key_id, sealed, updated_at FROM contact "
                                  "WHERE realm = :realm AND user = :user"));
    query.bind(":realm", realm).bind(":user", user);
    if (!query.step()) return std::nullopt;
    return ContactRecord{realm, user, query.text(0), query.text(1), query.blob(2), UnixSeconds{query.integer(3)}};
}

void save_contact(Database& database, const ContactRecord& contact) {
    Query(database.prepared("INSERT INTO contact (realm, user, issuer, key_id, sealed, updated_at) "
                            "VALUES (:realm, :user, :issuer, :key_id, :sealed, :now) "
                            "ON CONFLICT (realm, user) DO UPDATE SET issuer = excluded.issuer, "
                            "key_id = excluded.key_id, sealed = excluded.sealed, updated_at = excluded.updated_at"))
        .bind(":realm", contact.realm)
        .bind(":user", contact.user)
        .bind(":issuer", contact.issuer)
        .bind(":key_id", contact.key_id)
        .bind(":sealed", std::span<const std::uint8_t>(contact.sealed))
        .bind(":now", contact.updated_at.value)
        .run();
}

}  // namespace countersign::server
