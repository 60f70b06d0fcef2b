// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/audit_store.h"
#include "app/error.h"
#include "app/login_attempt.h"
#include "app/login_store.h"
#include "app/policy_store.h"
#include "app/security_code_store.h"

// What an administrator does through the server (R3). Each act names its actor and his session, which has to stand in
// the transaction; a code of his is spent with the act or not at all.

namespace countersign::server {

/// The event that tells who is an administrator, and for how long nobody acts on him.
inline constexpr std::string_view kAdminOpened = "admin.session_opened";
inline constexpr std::int64_t kAdminMemorySeconds = 90 * 86400;

/// A policy saved by an administrator.
struct AdminPolicySave {
    std::string realm;
    std::string user;  ///< the actor
    std::string session;
    PolicyChange change;
    std::optional<LoginAttempt> code;  ///< the actor's own, where the policy gets weaker
};

/// A delay that is lifted.
struct AdminUnlock {
    std::string realm;
    std::string user;  ///< the actor
    std::string session;
    std::string target;
    std::string credential;
    UnixSeconds now;
};

/// A code for a user who is locked out.
struct AdminCodeIssue {
    std::string realm;
    std::string user;  ///< the actor
    std::string session;
    BackupCodeIssue issue;
    LoginAttempt code;  ///< the actor's own
};

/// What became of an act.
struct AdminOutcome {
    ChangeResult result = ChangeResult::SessionGone;
    bool code_refused = false;  ///< then nothing was done, and `retry_after_seconds` tells the wait
    int retry_after_seconds = 0;
    std::int64_t version = 0;   ///< of a policy that was saved
};

/// What an administrator sees of a user beside his methods.
struct UserDelays {
    std::map<std::string, UnixSeconds> not_before;  ///< by credential
    std::optional<UnixSeconds> backup_code_until;   ///< of the outstanding one
};

struct AuditPage {
    std::vector<AuditRow> rows;
    std::optional<StoredCheckpoint> checkpoint;  ///< the newest
};

class AdminStore {
  public:
    virtual ~AdminStore() = default;
    /// The oldest first.
    [[nodiscard]] virtual Answer<std::vector<PolicyRecord>> find_policies(const std::string& realm) = 0;
    [[nodiscard]] virtual Answer<UserDelays> find_delays(const std::string& realm, const std::string& user,
                                                         UnixSeconds now) = 0;
    /// @param after  sealed records that follow this number, the oldest first; nothing: the newest, sealed or not
    [[nodiscard]] virtual Answer<AuditPage> find_audit_page(std::optional<std::int64_t> after, std::int64_t most) = 0;

    virtual void save_policy(AdminPolicySave save, Reply<AdminOutcome> reply) = 0;
    /// Done, SessionGone, OnAdministrator, Unknown or Disabled.
    virtual void unlock(AdminUnlock unlock, Reply<ChangeResult> reply) = 0;
    virtual void issue_backup_code(AdminCodeIssue issue, Reply<AdminOutcome> reply) = 0;
};

}  // namespace countersign::server
