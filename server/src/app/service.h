// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/clock.h"
#include "app/error.h"
#include "app/log.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::server {

/// A back end, as its application key proved it.
struct AppCaller {
    std::string realm;
    std::string key_id;
};

/// A widget, as its session token proved it: one user, one purpose.
struct SessionCaller {
    std::string realm;
    std::string user;
    std::string session_id;  ///< not the token; fit for the log
    std::string purpose;     ///< `manage` in this version
    std::string account;     ///< label for the authenticator app
    std::string issuer;
};

struct OpenSessionRequest {
    std::string user;     ///< 1 to 128 bytes of UTF-8 without NUL, compared bytewise (R1)
    std::string purpose;  ///< `manage`
    std::string account;  ///< 1 to 128 bytes, what the app shows under the issuer; no colon
    std::string issuer;   ///< 1 to 128 bytes, the site's name; no colon
};

struct OpenedSession {
    Secret token;  ///< `cs_ses_` and 43 symbols
    UnixSeconds expires_at;
};

struct VerifyRequest {
    std::string user;
    std::string method;  ///< `totp`
    Secret code;         ///< as typed; folded here (R14b)
};

/// The one answer of R14.
struct VerifyAnswer {
    bool ok = false;
    int retry_after_seconds = 0;
};

struct MethodState {
    std::string method;  ///< `totp`
    std::string status;  ///< `not_configured`, `pending`, `active`, `disabled`
    std::string credential_id;                 ///< empty when not configured
    std::optional<UnixSeconds> active_since;
    std::optional<UnixSeconds> last_used;
};

struct PendingTotp {
    std::string pending_id;
    Secret uri;
    UnixSeconds expires_at;
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

struct ServiceOptions {
    std::string data_directory;
    std::string master_key_file;
    int io_threads = 1;
};

/// Everything the server can do, without HTTP.
///
/// Calls come from any thread, do not block on a commit, and reply once, later, from the writer's
/// thread or at once from the caller's. Nothing replies yes before its commit is on disk.
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

    /// Errors: `request.field_invalid`, `server.unavailable`.
    virtual void open_session(const AppCaller& caller, OpenSessionRequest request,
                              Reply<OpenedSession> reply) = 0;
    /// Errors: `request.field_invalid`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    virtual void verify(const AppCaller& caller, VerifyRequest request, Reply<VerifyAnswer> reply) = 0;
    /// The states of all methods this version knows. Errors: `request.field_invalid`, `server.unavailable`.
    virtual void list_methods(const std::string& realm, const std::string& user,
                              Reply<std::vector<MethodState>> reply) = 0;
    /// The same pending secret for the same session until it expires (10 minutes); another session of the
    /// user voids it. Errors: `enrollment.already_active`, `server.unavailable`.
    virtual void begin_totp(const SessionCaller& caller, Reply<PendingTotp> reply) = 0;
    /// Errors: `enrollment.pending_unknown`, `admission.busy`, `clock.unreliable`, `server.unavailable`.
    virtual void confirm_totp(const SessionCaller& caller, ConfirmTotpRequest request,
                              Reply<ConfirmAnswer> reply) = 0;

    [[nodiscard]] virtual Readiness readiness() = 0;
    /// Finishes what is queued, then stops the writer. Called once, after the listener has stopped.
    virtual void stop() = 0;
};

}  // namespace countersign::server
