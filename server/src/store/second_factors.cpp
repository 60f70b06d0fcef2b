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

}  // namespace countersign::server
