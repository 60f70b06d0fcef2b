// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/admin_store.h"
#include "app/audit_store.h"
#include "app/challenge_store.h"
#include "app/digest.h"
#include "app/error.h"
#include "app/login_attempt.h"
#include "app/login_store.h"
#include "app/mail_store.h"
#include "app/meter.h"
#include "app/outbox_store.h"
#include "app/policy.h"
#include "app/policy_store.h"
#include "app/question_store.h"
#include "app/security_code_store.h"
#include "app/session_store.h"
#include "countersign/totp.h"

// What the use cases ask of a database. Two backends share it; each implements the rules R8 to R10 in
// its own SQL, so nothing here can be answered by a read followed by a write.

namespace countersign::server {

struct AppKeyRecord {
    std::string realm;
    std::string id;
    std::string name;
    std::string scopes;  ///< `admin`, or nothing
    Digest lookup{};
    Digest binding{};
    UnixSeconds created_at;
    std::optional<UnixSeconds> revoked_at;
    std::string allowed_origins{};  ///< with spaces between (R7)
};

/// Authenticators of one user and method, active and disabled ones.
inline constexpr int kMaxAuthenticators = 5;

enum class CredentialStatus : unsigned char { Pending, Active, Disabled };

struct CredentialRecord {
    std::string realm;
    std::string user;
    std::string id;
    std::string method;
    std::string name;  ///< what its owner calls it; may be empty
    CredentialStatus status = CredentialStatus::Pending;
    TotpParameters parameters;
    TimeStep last_step{-1};  ///< the last one used; -1 before the first
    std::string key_id;
    std::vector<std::uint8_t> sealed;
    UnixSeconds created_at;
    std::optional<UnixSeconds> active_since;
    std::optional<UnixSeconds> last_used;
    // Of a pending one:
    UnixSeconds expires_at;
    std::string session;   ///< which it belongs to
    std::string replaces;  ///< the authenticator in whose place it comes; empty: one more
    bool elevated = false;  ///< begun after a step-up; without one it can only be the user's first
    bool recovery = false;  ///< that step-up was by a fallback; stays when it is active
    std::vector<std::uint8_t> box_key;  ///< the widget's public key
    UnixSeconds usable_from;  ///< of an alternate address: the end of its hold (R23)
    std::vector<std::uint8_t> box;      ///< the seed's URI, sealed once to that key (R22)
};

/// What a code of a user's is judged by, as one moment has it.
struct LoginGround {
    PolicyRecord policy;
    std::vector<CredentialRecord> credentials;  ///< active and disabled ones, in a standing order
};

/// One code typed to finish an enrollment.
struct ConfirmAttempt {
    std::string realm;
    std::string user;
    std::string method;
    std::string credential;
    std::string session;
    UnixSeconds now;
    Outcome outcome = Outcome::Rejected;
    TimeStep step;
    Policy::Counting counting{};
};

enum class ConfirmResult : unsigned char {
    Activated,
    Refused,  ///< counted
    Waiting,  ///< a pause runs; not counted
    Gone,     ///< no such pending credential (any more), or nothing that it could replace
    SessionGone,
};

struct ConfirmDecision {
    ConfirmResult result = ConfirmResult::Gone;
    int retry_after_seconds = 0;
};

struct PendingDecision {
    ChangeResult result = ChangeResult::SessionGone;
    CredentialRecord pending;  ///< with Done: the candidate, or the one that this session had already
};

struct RemoveRequest {
    std::string realm;
    std::string user;
    std::string method;
    std::string credential;
    std::string session;
    UnixSeconds now;
    std::int64_t policy_version = 0;
    LosingRules rules{};
};

/// The one row that belongs to the store as a whole.
struct StoreState {
    std::int64_t epoch = 0;
    UnixSeconds floor_time;
    UnixSeconds high_water;
    std::int64_t clock_confirms = 0;
};

/// What the store asks of time at each commit (R16).
class CommitClock {
  public:
    struct Mark {
        UnixSeconds now;
        std::int64_t confirms_seen = 0;
    };
    virtual ~CommitClock() = default;
    /// The time to persist with the next commit.
    [[nodiscard]] virtual Mark mark() = 0;
    /// What stands in the store now, another process's confirmation included.
    virtual void observe(const StoreState& state) = 0;
};

/// A server's store. Reads come from any thread and do not wait for the writer; they throw nothing and
/// answer `server.unavailable` when the database does. Writes queue; the reply comes once, from the
/// writer's thread, after the commit is on disk, or with `server.unavailable`.
class Store : public SecurityCodeStore, public ChallengeStore, public OutboxStore, public QuestionStore, public AdminStore, public MailStore {
  public:
    /// Remembers the digest of the master key with the first call; true when it is the one remembered.
    /// Called before `start_writer`.
    [[nodiscard]] virtual Answer<bool> match_key(const Digest& key_check) = 0;
    [[nodiscard]] virtual Answer<StoreState> state() = 0;
    [[nodiscard]] virtual Answer<std::optional<AppKeyRecord>> find_app_key(const Digest& lookup) = 0;
    /// Whether a key that is not revoked names this origin. @param app_key  empty for any key of any realm
    [[nodiscard]] virtual Answer<bool> has_origin(const std::string& realm, const std::string& app_key,
                                                  const std::string& origin) = 0;
    [[nodiscard]] virtual Answer<std::optional<SessionRecord>> find_session(const Digest& lookup) = 0;
    /// All of the user's credentials of the method in a standing order, the pending ones last.
    [[nodiscard]] virtual Answer<std::vector<CredentialRecord>> find_credentials(const std::string& realm,
                                                                                 const std::string& user,
                                                                                 const std::string& method) = 0;

    /// The realm's policy in force and the user's credentials of the method, in one read.
    [[nodiscard]] virtual Answer<LoginGround> find_login_ground(const std::string& realm, const std::string& user,
                                                                const std::string& method) = 0;

    /// Starts the writer; `clock` and `meter` outlive it. Called once, before the first write.
    virtual void start_writer(CommitClock& clock, Meter& meter) = 0;
    virtual void decide_login(LoginAttempt attempt, Reply<LoginDecision> reply) = 0;
    virtual void decide_confirm(ConfirmAttempt attempt, Reply<ConfirmDecision> reply) = 0;
    virtual void begin_pending(CredentialRecord candidate, Reply<PendingDecision> reply) = 0;
    virtual void remove_credential(RemoveRequest request, Reply<ChangeResult> reply) = 0;
    virtual void add_session(SessionRecord session, Reply<OpenResult> reply) = 0;
    virtual void seal_audit(SealRequest request, Reply<SealReport> reply) = 0;
    [[nodiscard]] virtual Answer<AuditBacklog> audit_backlog() = 0;
    /// Writes that wait for the writer.
    [[nodiscard]] virtual std::size_t queue_length() const = 0;
    /// False after a commit has failed, until one succeeds.
    [[nodiscard]] virtual bool healthy() const = 0;
    /// Finishes what is queued and ends the writer. What comes later is refused.
    virtual void stop_writer() = 0;
};

/// An operator's store: a second process beside a server, one transaction a call (R18).
class OperatorStore : public PolicyArchive, public BackupCodeDesk {
  public:
    [[nodiscard]] virtual Answer<bool> match_key(const Digest& key_check) = 0;
    [[nodiscard]] virtual Answer<void> create_realm(const std::string& realm, UnixSeconds now) = 0;
    [[nodiscard]] virtual Answer<std::vector<std::string>> list_realms() = 0;
    [[nodiscard]] virtual Answer<void> add_app_key(const AppKeyRecord& key) = 0;
    [[nodiscard]] virtual Answer<std::vector<AppKeyRecord>> list_app_keys(const std::string& realm) = 0;
    [[nodiscard]] virtual Answer<void> revoke_app_key(const std::string& realm, const std::string& id,
                                                      UnixSeconds now) = 0;
    /// Sets the high-water mark to `wall`, back or forward, and tells a running server so.
    [[nodiscard]] virtual Answer<void> confirm_clock(UnixSeconds wall) = 0;
};

inline constexpr int kDefaultCacheMib = 64;

/// Locks the directory for one server (R18), makes it when missing, migrates. Errors: the `data.*` codes.
/// @param cache_mib  the writer's page cache, 1 to 65536 MiB; grows to that as pages are used
[[nodiscard]] Answer<std::unique_ptr<Store>> open_store(const std::string& data_directory,
                                                        int cache_mib = kDefaultCacheMib);
/// @param create  make directory and store when they do not exist
[[nodiscard]] Answer<std::unique_ptr<OperatorStore>> open_operator_store(const std::string& data_directory,
                                                                         bool create);

}  // namespace countersign::server
