// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/admission.h"
#include "app/keys.h"
#include "app/policies.h"
#include "app/service.h"
#include "app/store.h"
#include "app/stretch_allowance.h"
#include "app/stretch_pool.h"

namespace countersign::server {

/// What an application key needs to open administrators' sessions (R3); and what these may be for.
inline constexpr std::string_view kAdminScope = "admin";
inline constexpr std::string_view kScopePolicy = "policy";
inline constexpr std::string_view kScopeUnlock = "unlock";
inline constexpr std::string_view kScopeCodes = "codes";
inline constexpr std::string_view kScopeAudit = "audit";

/// Whether a list of words with commas has this one.
[[nodiscard]] bool has_scope(std::string_view scopes, std::string_view scope) noexcept;
/// The words with commas, in one order and none twice; nothing when one is no scope, or there is none.
[[nodiscard]] std::optional<std::string> join_scopes(const std::vector<std::string>& scopes);

struct PolicySave {
    std::int64_t version = 0;  ///< the one it was made from
    Policy policy;             ///< without a contradiction
    std::optional<Secret> code{};  ///< of the actor's authenticator, as typed
};

/// R14's answer where a code of the actor's was not accepted.
struct PolicySaved {
    bool ok = false;
    int retry_after_seconds = 0;
    std::int64_t version = 0;
};

struct AdminUserView {
    std::vector<MethodState> methods;
    bool backup_codes_allowed = false;
    std::optional<UnixSeconds> backup_code_until{};  ///< of the outstanding one
};

struct AdminCodeRequest {
    std::string user;
    std::string reason;  ///< 1 to 256 bytes of printable UTF-8
    Secret code;         ///< of the actor's authenticator, as typed
};

struct AdminCodeIssued {
    bool ok = false;
    int retry_after_seconds = 0;
    Secret code{};  ///< shown this once
    UnixSeconds expires_at{};
};

/// Some of the audit log, told to an administrator of one realm.
struct AuditView {
    std::string realm;           ///< of other realms' records only number and hash are told
    std::vector<AuditRow> rows;  ///< the oldest first
    std::string checkpoint;      ///< the line of the newest one; empty without one
    std::string key;             ///< the public key, 32 bytes in hexadecimal
};

/// What administrators do through the server (A10, A11, R3, R26), on what a service has. All of it outlives this.
/// Each act needs its scope, else `auth.scope_missing`; its event names the actor.
class Administrators {
  public:
    struct Workshop {
        const Keys& keys;
        Store& store;
        Admission& admission;
        StretchPool& pool;
        PolicyForm form;
        std::function<Answer<UnixSeconds>()> time_for_codes;
        std::function<Answer<PolicyInForce>(const std::string& realm)> policy_of;
        /// Hashes a code of an authenticator against what the user has.
        std::function<Answer<LoginAttempt>(const std::string& realm, const std::string& user, Secret code,
                                           UnixSeconds now)> examine;
        std::function<void(const AppCaller& caller, const std::string& user, Reply<std::vector<MethodState>> reply)>
            list_methods;
    };

    static constexpr std::int64_t kAuditRecords = 200;

    explicit Administrators(Workshop workshop) : with_(std::move(workshop)) {}

    [[nodiscard]] Answer<SavedPolicy> policy(const SessionCaller& caller);
    /// The oldest first.
    [[nodiscard]] Answer<std::vector<SavedPolicy>> policy_history(const SessionCaller& caller);
    /// In force at once, challenges in flight included (R11). One that weakens spends a code of the actor's with it.
    /// Errors: `policy.version_changed`, `auth.fresh_factor_required`, `auth.invalid`, `admission.busy`,
    /// `clock.unreliable`, `server.unavailable`.
    void save_policy(const SessionCaller& caller, PolicySave save, Reply<PolicySaved> reply);
    void user(const SessionCaller& caller, const std::string& user, Reply<AdminUserView> reply);
    /// Lifts a delay and nothing else (R13). Errors: `method.unknown`, `method.disabled`,
    /// `admin.not_on_administrators`, `auth.invalid`, `server.unavailable`.
    void unlock(const SessionCaller& caller, const std::string& user, const std::string& credential, Reply<void> reply);
    /// One more ends the one before. Errors: `policy.not_allowed`, `method.none`, `admin.not_on_administrators`,
    /// `request.field_invalid`, `auth.invalid`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    void issue_backup_code(const SessionCaller& caller, AdminCodeRequest request, Reply<AdminCodeIssued> reply);
    /// @param after  sealed records that follow this number; nothing: the newest
    [[nodiscard]] Answer<AuditView> audit(const SessionCaller& caller, std::optional<std::int64_t> after);

  private:
    struct Issue;
    using Ticket = std::shared_ptr<Admission::Ticket>;

    [[nodiscard]] Answer<SavedPolicy> read(const PolicyRecord& record) const;
    [[nodiscard]] Ticket admit(const SessionCaller& caller);
    void stretch(const std::shared_ptr<Issue>& issue, Reply<AdminCodeIssued> reply);
    void store(const std::shared_ptr<Issue>& issue, int tries, Reply<AdminCodeIssued> reply);

    Workshop with_;
    StretchAllowance allowance_;
};

}  // namespace countersign::server
