// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/administrators.h"
#include "app/error.h"
#include "http/policy_codec.h"

namespace countersign::server {

// The wire's words of administrators. Bodies in: each wipes its body. Errors: those of `read_json_fields`.

struct UnlockRequest {
    std::string user;
    std::string credential;
};
[[nodiscard]] Answer<UnlockRequest> decode_unlock(std::string& body);
[[nodiscard]] Answer<AdminCodeRequest> decode_admin_code(std::string& body);
/// The number after which records are wanted.
[[nodiscard]] Answer<std::optional<std::int64_t>> decode_audit(std::string& body);

[[nodiscard]] std::string encode_saved_policy(const SavedPolicy& saved);
[[nodiscard]] std::string encode_policy_history(const std::vector<SavedPolicy>& history);
[[nodiscard]] std::string encode_policy_saved(const PolicySaved& saved);
[[nodiscard]] std::string encode_admin_user(const AdminUserView& view);
[[nodiscard]] std::string encode_admin_code(const AdminCodeIssued& issued);
[[nodiscard]] std::string encode_audit(const AuditView& view);

}  // namespace countersign::server
