// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "countersign/totp.h"
#include "store/database.h"

namespace countersign::server {

struct AuditEvent {
    const std::string& realm;
    const std::string& user;
    std::string_view event;  ///< `credential.locked`, `credential.enrolled`, ...
    std::string_view method;
    std::string_view credential;
    std::string_view detail;
};

/// Adds a plain row in the caller's transaction (R9c), and the mail that tells it to its owner, where one does
/// (`store/notices`). Throws SQLite::Exception.
void record_event(Database& database, UnixSeconds at, const AuditEvent& event);

}  // namespace countersign::server
