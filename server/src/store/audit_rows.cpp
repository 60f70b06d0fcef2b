// SPDX-License-Identifier: Apache-2.0
#include "store/audit_rows.h"

namespace countersign::server {

AuditRow read_audit_row(const Query& query) {
    return {.number = query.maybe_integer(0),
            .at = UnixSeconds{query.integer(1)},
            .nonce = query.blob(2),
            .realm = query.text(3),
            .user = query.text(4),
            .event = query.text(5),
            .method = query.text(6),
            .credential = query.text(7),
            .detail = query.text(8),
            .record_hash = query.blob(9),
            .chain_head = query.blob(10)};
}

}  // namespace countersign::server
