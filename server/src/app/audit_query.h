// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "app/audit_store.h"
#include "app/error.h"

namespace countersign::server {

/// Which records of the audit log. What is empty is not asked.
struct AuditQuery {
    std::string realm;
    std::string user;
    std::string event;  ///< a name; one that ends in a dot takes all that begin so
    std::int64_t since = std::numeric_limits<std::int64_t>::min();  ///< seconds since 1970, inclusive
    std::int64_t until = std::numeric_limits<std::int64_t>::max();  ///< inclusive
    std::int64_t most = 50;
};

/// The newest that match, the oldest of them first; what is not sealed comes last. Beside a server or without one.
/// Errors: the `data.*` codes.
[[nodiscard]] Answer<std::vector<AuditRow>> find_audit_rows(const std::string& data_directory, const AuditQuery& wanted);

}  // namespace countersign::server
