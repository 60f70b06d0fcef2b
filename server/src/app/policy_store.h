// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/error.h"
#include "countersign/totp.h"

namespace countersign::server {

/// One saved policy of a realm. Version 0 was never saved: it is the defaults, without document, author and time.
struct PolicyRecord {
    std::int64_t version = 0;
    std::string document;
    std::string who;
    UnixSeconds at;
};

/// A document on its way in, checked already.
struct PolicyChange {
    std::string realm;
    std::string document;
    std::string who;
    UnixSeconds at;
    std::optional<std::int64_t> expected_version;  ///< refuse where another one is in force
};

/// What an operator's process does with policies, one transaction a call.
class PolicyArchive {
  public:
    virtual ~PolicyArchive() = default;
    /// The one in force. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<PolicyRecord> policy(const std::string& realm) = 0;
    /// All that were saved, the oldest first. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<std::vector<PolicyRecord>> policy_history(const std::string& realm) = 0;
    /// Puts the next version in force. Errors: `realm.unknown`, `policy.version_changed`.
    [[nodiscard]] virtual Answer<PolicyRecord> save_policy(const PolicyChange& change) = 0;
};

}  // namespace countersign::server
