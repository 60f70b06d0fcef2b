// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/mail_store.h"
#include "store/database.h"

// Codes that were mailed, and how many mails an address may get (R23). All run inside a write transaction of the
// caller's and throw SQLite::Exception.

namespace countersign::server {

/// Puts a code's mail on its way, in the place of one before it, if the address stands and is neither paused nor
/// disabled nor on hold (L9), and has had fewer than 1 mail a minute, 5 an hour and 10 a day. The new code has tries
/// of its own; what counts on the address stays (R13).
[[nodiscard]] MailCodeIssued issue_mail_code(Database& database, const MailCodeIssue& issue, UnixSeconds floor);

/// Whether this is the code that was mailed last. Names what the statements decide on; decides nothing.
[[nodiscard]] bool is_mailed(Database& database, const MailCodeKey& key, const Digest& digest);
/// Whether there is one that can still be right.
[[nodiscard]] bool has_live_code(Database& database, const MailCodeKey& key, UnixSeconds now, UnixSeconds floor);
/// Uses it up; false when it is another's, expired, guessed at too often or from before the floor.
[[nodiscard]] bool spend_mail_code(Database& database, const MailCodeKey& key, const Digest& digest, UnixSeconds now,
                                   UnixSeconds floor);
/// One guess less.
void miss_mail_code(Database& database, const MailCodeKey& key);
/// All that were mailed to an address, and mails on their way with one.
void forget_mail_codes(Database& database, const std::string& realm, const std::string& user,
                       const std::string& credential);

}  // namespace countersign::server
