// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/mail_store.h"
#include "store/counting.h"
#include "store/database.h"

namespace countersign::server {

/// The deciding statements on a mailed code (R8, R9, R23): the gate of the address's own row and the use of the code
/// in one savepoint. A wrong one counts on the address and costs the code one of its tries. Runs inside a write
/// transaction of the caller's and throws SQLite::Exception.
[[nodiscard]] LoginDecision decide_mail_code(Database& database, const MailCodeTry& attempt, UnixSeconds floor,
                                             CountOnly only = CountOnly::No);

}  // namespace countersign::server
