// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "app/outbox_store.h"
#include "store/database.h"

// Mail on its way (R23). All throw SQLite::Exception; writes run in a transaction of the caller's: that of what the
// mail tells, so that neither is there without the other.

namespace countersign::server {

void insert_mail(Database& database, const OutboxRecord& mail);

[[nodiscard]] OutboxState read_outbox_state(Database& database);

/// One that is due and that nobody holds, a code before a notice, leased for `kMailLeaseSeconds`; codes that have
/// expired are dropped first.
[[nodiscard]] std::optional<OutboxRecord> lease_mail(Database& database, const MailLease& lease);

/// What became of it; false, and nothing changed, when the lease is another's by now.
[[nodiscard]] bool finish_mail(Database& database, const MailFinish& finish);

}  // namespace countersign::server
