// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "countersign/totp.h"
#include "store/database.h"

// The step-up of a session (R2), in the transaction of what it allows: what was read before it may be over.

namespace countersign::server {

/// Which session, when, and the floor of this transaction (R17).
struct SessionKey {
    const std::string& realm;
    const std::string& user;
    const std::string& session;
    UnixSeconds now;
    UnixSeconds floor;
};

/// What a session may do now.
struct Standing {
    bool elevated = false;
    bool recovery = false;  ///< elevated by a fallback: it may bind an authenticator and nothing else
};

/// The session as it stands in this transaction; nothing when it has ended.
[[nodiscard]] std::optional<Standing> standing_session(Database& database, const SessionKey& key);

/// Elevates it, never beyond its end, and no further than this proof goes: a later recovery makes it one.
/// Throws when it does not stand: look first.
[[nodiscard]] UnixSeconds elevate_session(Database& database, const SessionKey& key, bool recovery);

/// After a change of what the user has, every other session of his has to prove itself anew: it is elevated no longer,
/// what was begun in it is forgotten, and an administrator's, which is nothing without its proof, ends (R3).
void end_other_elevations(Database& database, const SessionKey& key);

}  // namespace countersign::server
