// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/keys.h"
#include "app/outbox_store.h"

namespace countersign::server {

/// Seals the address for its user's row (R20).
/// @param address  one that `is_email_address` accepts
[[nodiscard]] ContactRecord make_contact(const Keys& keys, const std::string& realm, const std::string& user,
                                         const std::string& issuer, std::string_view address, UnixSeconds now);

/// Nothing when the row was moved to another user, changed, or sealed under another key.
[[nodiscard]] std::optional<std::string> open_contact(const Keys& keys, const ContactRecord& contact);

}  // namespace countersign::server
