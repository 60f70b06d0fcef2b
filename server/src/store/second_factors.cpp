// SPDX-License-Identifier: Apache-2.0
#include "store/second_factors.h"

namespace countersign::server {

SecondFactors second_factors_of(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT status FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method IN ('totp', 'email') AND status <> 'pending'"));
    query.bind(":realm", realm).bind(":user", user);
    SecondFactors found;
    while (query.step()) {
        const bool active = query.text(0) == "active";
        found.any = true;
        found.active = found.active || active;
        found.disabled = found.disabled || !active;
    }
    return found;
}

bool may_lose(Database& database, const std::string& realm, const std::string& user, const std::string& credential,
              const LosingRules& rules) {
    if (rules.allow_none) return true;
    return Query(database.prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                   "AND ((method = 'totp' AND :totp) OR (method = 'email' AND :email)) "
                                   "AND credential <> :credential AND status = 'active' LIMIT 1"))
        .bind(":realm", realm)
        .bind(":user", user)
        .bind(":totp", std::int64_t{rules.login_methods.totp})
        .bind(":email", std::int64_t{rules.login_methods.email})
        .bind(":credential", credential)
        .run();
}

void forget_fallbacks_of_none(Database& database, const std::string& realm, const std::string& user) {
    if (second_factors_of(database, realm, user).any) return;
    const auto forget = [&](Sql sql) { Query(database.prepared(sql)).bind(":realm", realm).bind(":user", user).run(); };
    forget("DELETE FROM credential WHERE realm = :realm AND user = :user");
    forget("DELETE FROM security_code WHERE realm = :realm AND user = :user");
    forget("DELETE FROM mail_code WHERE realm = :realm AND user = :user");
    forget("DELETE FROM alternate_choice WHERE realm = :realm AND user = :user");
}

}  // namespace countersign::server
