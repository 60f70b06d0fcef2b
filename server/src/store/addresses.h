// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/mail_store.h"
#include "store/counting.h"
#include "store/database.h"

// How an address becomes a user's, and how methods that are no authenticator end. All run inside a write transaction
// of the caller's and throw SQLite::Exception. Each holds the policy it was judged by (R11), needs a step-up of whoever
// has anything set up already, and takes none by a fallback (R2).

namespace countersign::server {

/// Puts the address beside what the user has, pending, and a code on its way there. The session's own pending one of
/// the same credential stays as it is, and its code is replaced. Nothing is begun when no mail may go there now.
[[nodiscard]] AddressBegun begin_address(Database& database, const AddressBegin& begin, UnixSeconds floor);

/// The code makes it active in the place of the old one, whose owner is told there (R23). A wrong one counts on the
/// pending row.
[[nodiscard]] AddressConfirmed confirm_address(Database& database, const AddressConfirm& confirm, UnixSeconds floor,
                                               CountOnly only = CountOnly::No);

/// Of email, alternate address, security questions or static codes. The last second factor stays unless the policy
/// lets it go (R6).
[[nodiscard]] ChangeResult remove_method(Database& database, const MethodRemoval& removal, UnixSeconds floor);

[[nodiscard]] ChangeResult choose_alternates(Database& database, const AlternateChoice& choice, UnixSeconds floor);
/// Names with commas; empty when the user never picked.
[[nodiscard]] std::string find_alternate_choice(Database& database, const std::string& realm, const std::string& user);

}  // namespace countersign::server
