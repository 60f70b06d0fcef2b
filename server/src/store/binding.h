// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/store.h"
#include "store/counting.h"
#include "store/database.h"

// How an authenticator becomes a user's, takes another's place and ends. Whatever is active or disabled is
// *bound*. All run inside a write transaction of the caller's and throw SQLite::Exception.
//
// Whoever binds one deletes all that is pending, so that nothing begun before is confirmed after it; whoever
// ends one, all but what the same session goes on with. Both end the step-up of the user's other sessions.

namespace countersign::server {

/// The session's own pending credential for the same key and place, or the wanted one instead of any other.
/// A disabled one counts as bound: enrolling anew is no way around it (R13).
[[nodiscard]] PendingDecision begin_pending(Database& database, const CredentialRecord& wanted, UnixSeconds floor);

/// The deciding statement of an enrollment (R8, R9): gates, counts and decides as that of a login does.
[[nodiscard]] ConfirmDecision decide_confirm(Database& database, const ConfirmAttempt& attempt, UnixSeconds floor,
                                             CountOnly only = CountOnly::No);

[[nodiscard]] ChangeResult remove_credential(Database& database, const RemoveRequest& request, UnixSeconds floor);

}  // namespace countersign::server
