// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/store.h"
#include "store/database.h"

namespace countersign::server {

/// Rows as records, and back. All throw SQLite::Exception; writes run in a transaction of the caller's.
[[nodiscard]] std::optional<AppKeyRecord> find_app_key(Database& database, const Digest& lookup);
/// Whether the key may still call. Asked in the transaction of what it asked for: a request that was under way when its
/// key was revoked must not come after the revocation.
[[nodiscard]] bool may_call(Database& database, const std::string& realm, const std::string& app_key);
/// See `Store::has_origin`; the origin is one without spaces.
[[nodiscard]] bool has_origin(Database& database, const std::string& realm, const std::string& app_key,
                              const std::string& origin);
/// Nothing for a session opened before the floor (R17).
[[nodiscard]] std::optional<SessionRecord> find_session(Database& database, const Digest& lookup);
/// In the order of their slots, then the pending ones.
[[nodiscard]] std::vector<CredentialRecord> find_credentials(Database& database, const std::string& realm,
                                                             const std::string& user, const std::string& method);

/// Ends the user's oldest sessions, so that no more than 16 stand.
void insert_session(Database& database, const SessionRecord& session);
/// Pending without a slot; any other status takes slot 0. Throws on a second one in the slot.
void insert_credential(Database& database, const CredentialRecord& credential);
/// Deletes a limited number of rows whose time is over; true when there may be more of them.
[[nodiscard]] bool sweep_expired(Database& database, UnixSeconds now);

}  // namespace countersign::server
