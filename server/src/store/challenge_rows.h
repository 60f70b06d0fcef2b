// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/challenge_store.h"
#include "app/session_store.h"
#include "store/database.h"

// Challenges, their receipts and the sessions they open. Attempts at them stand in `store/purpose`. All throw
// SQLite::Exception; writes run in a transaction of the caller's.

namespace countersign::server {

[[nodiscard]] std::optional<FoundChallenge> find_challenge(Database& database, const std::string& realm,
                                                           const std::string& user, const std::string& challenge,
                                                           const std::string& attempt);

/// Nothing when there is no such realm.
[[nodiscard]] std::optional<FoundCircumstances> find_circumstances(Database& database, const std::string& realm,
                                                                   const std::string& user, UnixSeconds now);

/// The session with all that begins with it: its challenge, its contact, its step-up.
[[nodiscard]] OpenResult open_session(Database& database, const SessionRecord& session, UnixSeconds floor);

/// Compare-and-set on the stage, under the policy it was judged by (R11).
[[nodiscard]] ReceiptResult issue_receipt(Database& database, const ReceiptIssue& issue, UnixSeconds floor);

/// The one statement that redeems (R4): it names all that the relying party kept.
[[nodiscard]] ReceiptResult redeem_receipt(Database& database, const ReceiptUse& use, UnixSeconds floor);

}  // namespace countersign::server
