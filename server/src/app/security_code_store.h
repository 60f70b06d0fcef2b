// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/digest.h"
#include "app/error.h"
#include "app/login_store.h"
#include "app/policy.h"
#include "app/policy_store.h"

namespace countersign::server {

/// The two kinds of sets, as methods of their rows.
inline constexpr std::string_view kStaticCodes = "static_codes";
inline constexpr std::string_view kBackupCode = "backup_code";
/// The method by which a code of either kind is tried.
inline constexpr std::string_view kSecurityCode = "security_code";
inline constexpr std::size_t kCodesInSet = 10;

/// Which kinds a policy lets in.
struct CodeKinds {
    bool static_codes = false;
    bool backup_code = false;
};

/// One security code, under the policy that the transaction has to find in force.
struct SecurityCodeAttempt {
    std::string realm;
    std::string user;
    std::string hidden_user;  ///< its keyed hash, on which it is counted when he has no codes (R14)
    UnixSeconds now;
    std::optional<Digest> digest;  ///< nothing: it had not a code's form, and is not counted (R14b)
    std::int64_t policy_version = 0;
    CodeKinds allowed;
    AttemptPurpose purpose{};  ///< carried out in the same transaction; a step-up by it is a recovery
    Policy::Counting counting{};
};

/// A new set in place of the old one.
struct CodeSetChange {
    std::string realm;
    std::string user;
    std::string session;
    std::string credential;  ///< of the new set
    std::string key_id;
    UnixSeconds now;
    std::int64_t policy_version = 0;
    std::vector<Digest> digests;
};

/// One code of an administrator.
struct BackupCodeIssue {
    std::string realm;
    std::string user;
    std::string credential;
    std::string key_id;
    UnixSeconds now;
    UnixSeconds expires_at;
    std::int64_t policy_version = 0;
    Digest digest{};
    std::string who;
    std::string reason;
};

/// The server's side.
class SecurityCodeStore {
  public:
    virtual ~SecurityCodeStore() = default;
    /// The policy in force. Errors: `realm.unknown`, `server.unavailable`.
    [[nodiscard]] virtual Answer<PolicyRecord> find_policy(const std::string& realm) = 0;
    /// Codes of a set that would be accepted now.
    [[nodiscard]] virtual Answer<std::int64_t> count_codes(const std::string& realm, const std::string& user,
                                                           const std::string& credential, UnixSeconds now) = 0;
    virtual void decide_security_code(SecurityCodeAttempt attempt, Reply<LoginDecision> reply) = 0;
    virtual void replace_codes(CodeSetChange change, Reply<ChangeResult> reply) = 0;
};

/// The operator's side.
class BackupCodeDesk {
  public:
    virtual ~BackupCodeDesk() = default;
    /// Done, NoMethod or PolicyChanged. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<ChangeResult> issue_backup_code(const BackupCodeIssue& issue) = 0;
};

}  // namespace countersign::server
