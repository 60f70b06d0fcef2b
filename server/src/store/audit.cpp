// SPDX-License-Identifier: Apache-2.0
#include "store/audit.h"

#include "countersign/secret.h"
#include "store/notices.h"

namespace countersign::server {

void record_event(Database& database, UnixSeconds at, const AuditEvent& event) {
    const Secret nonce = Secret::random(16);
    Query(database.prepared("INSERT INTO audit (realm, user, at, nonce, event, method, credential, detail) "
                            "VALUES (:realm, :user, :at, :nonce, :event, :method, :credential, :detail)"))
        .bind(":realm", event.realm)
        .bind(":user", event.user)
        .bind(":at", at.value)
        .bind(":nonce", nonce.bytes())
        .bind(":event", event.event)
        .bind(":method", event.method)
        .bind(":credential", event.credential)
        .bind(":detail", event.detail)
        .run();
    enqueue_notice(database, at, event);
}

}  // namespace countersign::server
