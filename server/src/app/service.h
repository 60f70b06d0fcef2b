// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/audit_store.h"
#include "app/clock.h"
#include "app/error.h"
#include "app/log.h"
#include "app/mailer.h"
#include "app/meter.h"
#include "app/outbox_store.h"
#include "app/policies.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::server {

class Administrators;
class Challenges;
class MailMethods;
class Questions;

/// A back end, as its application key proved it.
struct AppCaller {
    std::string realm;
    std::string key_id;
    std::string scopes{};  ///< `admin`, or nothing (R3)
};

/// A widget, as its session token proved it: one user, one purpose.
struct SessionCaller {
    std::string realm;
    std::string user;
    std::string session_id;  ///< not the token; fit for the log
    std::string purpose;     ///< `manage`, `challenge` or `admin`
    std::string account;     ///< label for the authenticator app
    std::string issuer;
    std::string token_sha256;    ///< of the token's text, lower-case hexadecimal: what a sealed box names
    UnixSeconds elevated_until;  ///< as read; what it allows is decided anew with each change
    bool recovery = false;       ///< so elevated (R2)
    std::string app_key;         ///< which opened it
    std::string challenge;       ///< of purpose `challenge`: the one it answers
    std::string scopes;          ///< of purpose `admin`, with commas
};

/// What the relying party has checked before (R5).
struct FirstFactor {
    std::string method;  ///< 1 to 64 bytes of printable UTF-8
    UnixSeconds at;
};

struct OpenSessionRequest {
    std::string user;     ///< 1 to 128 bytes of UTF-8 without NUL, compared bytewise (R1)
    std::string purpose;  ///< `manage`, `challenge`, `admin`
    std::string account;  ///< 1 to 128 bytes, what the app shows under the issuer; no colon; not of `admin`
    std::string issuer;   ///< 1 to 128 bytes, the site's name; no colon; not of `admin`
    std::optional<std::string> email{};  ///< the primary address (R23); where notices go
    // Of purpose `manage`:
    std::optional<std::string> elevated_by{};  ///< a challenge of the same user and application key
    // Of purpose `challenge`:
    std::optional<std::string> receipt_purpose{};  ///< 1 to 64 bytes of printable UTF-8
    std::optional<FirstFactor> first_factor{};     ///< none: no fallback is offered
    std::optional<std::string> context{};          ///< at most 512 bytes of UTF-8 without NUL
    // Of purpose `admin`, whose user is the actor (R3):
    std::optional<std::vector<std::string>> scopes{};  ///< some of `policy`, `unlock`, `codes`, `audit`
    std::optional<std::string> challenge{};            ///< his own, passed at most 10 minutes ago without a fallback
};

struct OpenedSession {
    Secret token;  ///< `cs_ses_` and 43 symbols
    UnixSeconds expires_at;
    std::string challenge{};  ///< of purpose `challenge`: the id, which redeeming names
};

struct VerifyRequest {
    std::string user;
    std::string method;  ///< `totp`, `security_code`
    Secret code;         ///< as typed; folded here (R14b)
    std::optional<Secret> stretched{};  ///< a security code in this form instead: 32 bytes
};

/// The one answer of R14.
struct VerifyAnswer {
    bool ok = false;
    int retry_after_seconds = 0;
};

struct MethodState {
    std::string method;  ///< `totp`, `static_codes`
    std::string status;  ///< `not_configured`, `pending`, `active`, `disabled`
    std::string credential_id;                 ///< empty when not configured
    std::string name;                          ///< what its owner calls it; may be empty
    std::optional<UnixSeconds> active_since;
    std::optional<UnixSeconds> last_used;
    std::optional<std::int64_t> remaining{};  ///< of static codes: those that are not used up
    std::optional<std::int64_t> uses_left{};  ///< of security questions: how often their answers still let in
    std::optional<std::int64_t> questions{};  ///< and how many they are
    std::optional<UnixSeconds> paused_until{};  ///< of a delay that runs: for administrators alone
    std::string masked{};                     ///< of an address
    std::optional<UnixSeconds> usable_from{}; ///< of an alternate address, while its hold lasts (R23)
};

/// A set of security codes that is in force now.
struct CodeSet {
    std::string credential_id;
    std::int64_t remaining = 0;
};

/// The alternates of Forgot My Phone, as a user sees them.
struct OwnAlternates {
    AlternateSet offered;
    AlternateSet chosen;
    bool user_choice = false;
};

/// What a session's own user has, and what the session may change of it.
struct OwnMethods {
    std::vector<MethodState> methods;
    std::optional<UnixSeconds> elevated_until;  ///< nothing when it is not elevated
    bool step_up_required = false;              ///< there is something set up, and the session is not elevated
    bool recovery = false;                      ///< elevated by a fallback (R2)
    bool require_setup = false;                 ///< the policy asks for a second factor (U5)
    bool allow_none = false;                    ///< the policy lets the last one go (R6)
    std::vector<std::string_view> step_up{};    ///< what elevates now: of `totp`, `security_code`
    std::optional<OwnAlternates> alternates{};  ///< nothing while Forgot Phone is off
    std::string primary_masked{};               ///< empty when the back end has named no address
};

struct BeginTotpRequest {
    std::string public_key;  ///< of the widget, X25519: base64url of 32 bytes, without padding
    std::optional<std::string> replaces;  ///< credential id of the authenticator in whose place it comes
    std::optional<std::string> name;      ///< 1 to 64 bytes of printable UTF-8
};

/// The seed's otpauth URI is in the box alone: it has no other form outside this process (R22).
struct PendingTotp {
    std::string pending_id;
    std::string sealed;  ///< base64url without padding of a `cs-box-1` box
    UnixSeconds expires_at;
};

struct ElevateRequest {
    std::string method;  ///< `totp`, or `security_code`: then as a recovery
    Secret code;         ///< as typed
    std::optional<Secret> stretched{};  ///< as in a VerifyRequest
};

/// The one answer of R14, here too.
struct ElevateAnswer {
    bool ok = false;
    int retry_after_seconds = 0;
    UnixSeconds elevated_until;  ///< with ok
    bool recovery = false;       ///< with ok: it may bind an authenticator and nothing else
};

struct ConfirmTotpRequest {
    std::string pending_id;
    Secret code;  ///< as typed
};

enum class ConfirmReason : unsigned char { None, Wrong, ClockOff, Wait };

/// The person's own enrollment, so the reason is told (R14a).
struct ConfirmAnswer {
    bool ok = false;
    ConfirmReason reason = ConfirmReason::None;  ///< with ok == false
    int clock_off_seconds = 0;    ///< with ClockOff: positive when the authenticator's clock is ahead
    int retry_after_seconds = 0;  ///< with Wait (and Wrong, when a pause has begun)
    std::string credential_id;    ///< with ok
};

struct Readiness {
    bool ready = false;
    std::string reason;  ///< for the log only: the route answers a bare 200 or 503
};

/// For the operator's listener: never what could help an attacker on the main one (R7).
struct ServiceDetails {
    Readiness readiness;
    std::string clock;           ///< `trusted`, or why not
    bool store_healthy = false;  ///< the last commit succeeded
    std::size_t queue_length = 0;
    UnixSeconds now;
    std::optional<AuditBacklog> audit;  ///< none when the store cannot be read
    std::optional<OutboxState> outbox;  ///< none when no mail is sent, too

    /// Age of the oldest row that waits to be sealed; 0 when none does.
    [[nodiscard]] std::int64_t audit_lag_seconds() const noexcept {
        return audit && audit->oldest && audit->oldest->value < now.value ? now.value - audit->oldest->value : 0;
    }
    /// Age of the oldest mail that waits to be sent; 0 when none does.
    [[nodiscard]] std::int64_t outbox_age_seconds() const noexcept {
        return outbox && outbox->oldest && outbox->oldest->value < now.value ? now.value - outbox->oldest->value : 0;
    }
};

struct ServiceOptions {
    std::string data_directory;
    std::string master_key_file;
    int io_threads = 1;
    std::shared_ptr<Meter> meter = {};  ///< none: nothing is counted
    PolicyForm policy_form = {};        ///< none: only the defaults can be read
    MailService mail = {};              ///< none: nothing that needs mail is offered
    std::string previous_master_key_file = {};  ///< while a rotation is under way (R20); else empty
    std::string guard_directory = {};           ///< of the guard file (R17); empty: where the master key file is
    int cache_mib = 64;  ///< the store's page cache, 1 to 65536
};

/// Everything the server can do, without HTTP.
///
/// Calls come from any thread, do not block on a commit, and reply once: at once from the caller's thread, or
/// later from the one that opens the caller's inbox (`app/inbox.h`), without one from the writer's or the stretching
/// pool's. Nothing replies yes before its commit is on disk.
class Service {
  public:
    /// Locks the directory, migrates, checks the clock, starts the writer.
    /// Errors: the `data.*` and `master_key.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<Service>> start(const ServiceOptions& options,
                                                                std::shared_ptr<const Clock> clock,
                                                                std::shared_ptr<Log> log);
    virtual ~Service() = default;

    /// Errors: `auth.missing` (empty), `auth.invalid`.
    [[nodiscard]] virtual Answer<AppCaller> authenticate_app(std::string_view token) = 0;
    [[nodiscard]] virtual Answer<SessionCaller> authenticate_session(std::string_view token) = 0;
    /// Whether pages of this origin may call with this session's token (R7): the key that opened it names the origin.
    [[nodiscard]] virtual Answer<bool> allows_origin(const SessionCaller& caller, const std::string& origin) = 0;
    /// Whether any key that is valid names it: as much as can be asked while there is no token.
    [[nodiscard]] virtual Answer<bool> knows_origin(const std::string& origin) = 0;

    /// Errors: `request.field_invalid`, `request.field_missing`, `challenge.not_passed` (R2), `clock.unreliable`,
    /// `server.unavailable`.
    virtual void open_session(const AppCaller& caller, OpenSessionRequest request,
                              Reply<OpenedSession> reply) = 0;
    /// Errors: `request.field_invalid`, `policy.not_allowed` (whoever the user is, A12), `admission.busy`,
    /// `clock.unreliable`, `server.unavailable`.
    virtual void verify(const AppCaller& caller, VerifyRequest request, Reply<VerifyAnswer> reply) = 0;
    /// One state for each authenticator, or `not_configured`. Errors: `request.field_invalid`,
    /// `server.unavailable`.
    virtual void list_methods(const AppCaller& caller, const std::string& user,
                              Reply<std::vector<MethodState>> reply) = 0;
    /// The same without what other sessions have begun. Errors: `server.unavailable`.
    virtual void list_own_methods(const SessionCaller& caller, Reply<OwnMethods> reply) = 0;
    /// Lets this session change what its user has, for 10 minutes at most, by a code that is spent with it (R2).
    /// Errors: those of `verify`, `auth.invalid` when the session has just ended.
    virtual void elevate(const SessionCaller& caller, ElevateRequest request, Reply<ElevateAnswer> reply) = 0;
    /// The same box for the same session, key and place until it expires (10 minutes); another key or another
    /// session of the user voids it. Errors: `request.field_invalid`, `auth.step_up_required`, `auth.invalid`,
    /// `method.unknown` (nothing such to replace), `enrollment.too_many`, `clock.unreliable`,
    /// `server.unavailable`.
    virtual void begin_totp(const SessionCaller& caller, BeginTotpRequest request, Reply<PendingTotp> reply) = 0;
    /// What it replaces works until now and ends in the same transaction. Errors:
    /// `enrollment.pending_unknown`, `auth.invalid`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    virtual void confirm_totp(const SessionCaller& caller, ConfirmTotpRequest request,
                              Reply<ConfirmAnswer> reply) = 0;
    /// Ends one authenticator, active or disabled. Errors: `auth.step_up_required`, `auth.invalid`,
    /// `auth.recovery_only`, `method.unknown`, `method.last` (R6), `clock.unreliable`, `server.unavailable`.
    virtual void remove_totp(const SessionCaller& caller, std::string credential, Reply<void> reply) = 0;

    /// The salt with which the session's user stretches security codes: 16 bytes, the same for ever (R21).
    [[nodiscard]] virtual Answer<Secret> code_salt(const SessionCaller& caller) = 0;
    /// Makes these the user's static codes; the old ones are void from the same moment (U9).
    /// @param stretched  10 of 32 bytes, no two the same and none a code that he has (L13)
    /// Errors: `request.field_invalid`, `policy.not_allowed`, `method.none`, `auth.step_up_required`,
    /// `auth.recovery_only`, `auth.invalid`, `clock.unreliable`, `server.unavailable`.
    virtual void replace_codes(const SessionCaller& caller, std::vector<Secret> stretched, Reply<CodeSet> reply) = 0;

    /// Logins that need a second factor, and their receipts.
    [[nodiscard]] virtual Challenges& challenges() noexcept = 0;
    /// Addresses, mailed codes, and the end of methods that are no authenticator.
    [[nodiscard]] virtual MailMethods& mail() noexcept = 0;
    [[nodiscard]] virtual Questions& questions() noexcept = 0;
    [[nodiscard]] virtual Administrators& administrators() noexcept = 0;

    [[nodiscard]] virtual Readiness readiness() = 0;
    [[nodiscard]] virtual ServiceDetails details() = 0;
    /// Finishes what is queued, then stops the writer. Called once, after the listener has stopped.
    virtual void stop() = 0;
};

}  // namespace countersign::server
