// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/outbox_store.h"
#include "store/database.h"

namespace countersign::server {

/// Where notices go. Both throw SQLite::Exception.
[[nodiscard]] std::optional<ContactRecord> find_contact(Database& database, const std::string& realm,
                                                        const std::string& user);
/// The latest wins. In a transaction of the caller's.
void save_contact(Database& database, const ContactRecord& contact);

}  // namespace countersign::server
