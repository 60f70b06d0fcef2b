// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "countersign/totp.h"
#include "store/audit.h"
#include "store/database.h"

namespace countersign::server {

/// Puts the mail on its way that tells an event to its owner, where one does and there is an address to tell it to:
/// the one place that knows which events are told. In the caller's transaction, with the event. At most one an hour of
/// the kinds that an attacker can cause at will. Throws SQLite::Exception.
void enqueue_notice(Database& database, UnixSeconds at, const AuditEvent& event);

/// Records that a used step was offered again, at most once an hour for each authenticator, with its notice (R9d).
void note_replay(Database& database, UnixSeconds at, const AuditEvent& event);

}  // namespace countersign::server
