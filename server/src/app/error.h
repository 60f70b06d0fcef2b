// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace countersign::server {

/// Why the server did not carry out a request. A code that is not accepted is an answer, not one of these.
enum class ServerErrorCode : unsigned char {
    AuthMissing,              ///< `auth.missing`: no bearer token                              401
    AuthInvalid,              ///< `auth.invalid`: unknown, expired, revoked, of another kind   401
    AuthStepUpRequired,       ///< `auth.step_up_required`: R2, the session is not elevated     403
    AuthRecoveryOnly,         ///< `auth.recovery_only`: R2, elevated by a fallback             403
    AuthWrongPurpose,         ///< `auth.wrong_purpose`: the session is for something else      403
    AuthScopeMissing,         ///< `auth.scope_missing`: R3, key or session may not do this     403
    AuthFreshFactorRequired,  ///< `auth.fresh_factor_required`: R3, send a code of your own    403
    AuthOriginNotAllowed,     ///< `auth.origin_not_allowed`: R7, a page of another origin      403
    AdminNotOnAdministrators, ///< `admin.not_on_administrators`: R3                            403
    RouteNotFound,            ///< `route.not_found`                                            404
    MethodNotAllowed,         ///< `route.method_not_allowed`                                   405
    RequestMalformed,         ///< `request.malformed`: not a JSON object                       400
    RequestFieldMissing,      ///< `request.field_missing`: detail names the field              400
    RequestFieldInvalid,      ///< `request.field_invalid`: detail names field and rule         400
    RequestFieldUnknown,      ///< `request.field_unknown`: detail names the field              400
    RequestTooLarge,          ///< `request.too_large`: more than this server takes            413
    RequestMediaType,         ///< `request.media_type`: not application/json                   415
    EnrollmentTooMany,        ///< `enrollment.too_many`: five authenticators are there         409
    EnrollmentPendingUnknown, ///< `enrollment.pending_unknown`: none, expired or another's     404
    MethodUnknown,            ///< `method.unknown`: the user has no such authenticator         404
    MethodLast,               ///< `method.last`: R6, no other active one would be left         409
    MethodNone,               ///< `method.none`: no authenticator that a fallback could stand for 409
    MethodDisabled,           ///< `method.disabled`: R13, there is no delay to lift            409
    PolicyNotAllowed,         ///< `policy.not_allowed`: the administrator has it switched off  409
    PolicyVersionChanged,     ///< `policy.version_changed`: another one than the one expected is in force 409
    ChallengeNotPassed,       ///< `challenge.not_passed`: R2, it elevates nothing              409
    ChallengeNotAllowed,      ///< `challenge.not_allowed`: not open in this challenge now      409
    MailNotConfigured,        ///< `mail.not_configured`: this server sends none                409
    EmailNoAddress,           ///< `email.no_address`: the back end has named no primary one    409
    EmailAddressInvalid,      ///< `email.address_invalid`: mail cannot be sent there           422
    EmailSameAsPrimary,       ///< `email.same_as_primary`: R23, an alternate has to be another 422
    AdmissionBusy,            ///< `admission.busy`: R9b, with retry_after                      429
    ClockUnreliable,          ///< `clock.unreliable`: R16                                      503
    ServerUnavailable,        ///< `server.unavailable`: the write did not reach the disk       503
    // What only the command line meets:
    DataDirectoryLocked,      ///< `data.locked`: another server runs on it
    DataDirectoryUnusable,    ///< `data.unusable`: missing, a file, a network file system, no right to write
    DataVersionNewer,         ///< `data.newer_version`
    DataStoreFailed,          ///< `data.store_failed`: SQLite's own words in the detail
    DataStoreExists,          ///< `data.store_exists`: a restore would go over it
    DataBehindGuard,          ///< `data.behind_guard`: R17, older than it has been, or a backup put there by hand
    BackupUnusable,           ///< `backup.unusable`: not made by `backup`, damaged, or it cannot be written
    MasterKeyUnusable,        ///< `master_key.unusable`: missing, wrong size or mode, inside the data directory
    MasterKeyMismatch,        ///< `master_key.mismatch`: not the key this store was made with
    MasterKeyPreviousNeeded,  ///< `master_key.previous_needed`: a rotation is not finished
    MasterKeyInUse,           ///< `master_key.in_use`: a server runs that knows the previous key alone
    RealmUnknown,             ///< `realm.unknown`
    RealmInvalid,             ///< `realm.invalid`: 1 to 64 of a-z 0-9 - _
    RealmExists,              ///< `realm.exists`
    AppKeyUnknown,            ///< `app_key.unknown`
    AppKeyInvalid,            ///< `app_key.invalid`: name not 1 to 64 bytes of printable UTF-8
    ImportRowInvalid,         ///< `import.row_invalid`: detail gives line and rule; nothing was imported
    UserUnknown,              ///< `user.unknown`: nothing is stored of this user
    MailUnknown,              ///< `mail.unknown`: the outbox has no such mail
};

inline constexpr int kServerErrorCodeCount = static_cast<int>(ServerErrorCode::MailUnknown) + 1;

/// The stable code; static storage.
[[nodiscard]] std::string_view server_error_name(ServerErrorCode code) noexcept;
/// One English sentence with the way on; static storage.
[[nodiscard]] std::string_view server_error_sentence(ServerErrorCode code) noexcept;

struct ServerError {
    ServerErrorCode code;
    std::string detail;             ///< what and where, in one line, without secrets; may be empty
    int retry_after_seconds = 0;    ///< with AdmissionBusy, ClockUnreliable, ServerUnavailable
};

template <class T>
using Answer = tl::expected<T, ServerError>;

/// Called once, from any thread.
template <class T>
using Reply = std::function<void(Answer<T>)>;

}  // namespace countersign::server
