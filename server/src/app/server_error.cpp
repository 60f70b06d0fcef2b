// SPDX-License-Identifier: Apache-2.0
#include "app/error.h"

#include <array>

// The one table of the server's codes: name and sentence, in the order of the enumeration.

namespace countersign::server {
namespace {

struct Entry {
    ServerErrorCode code;
    std::string_view name;
    std::string_view sentence;
};

using enum ServerErrorCode;

constexpr std::array<Entry, kServerErrorCodeCount> kEntries{{
    {AuthMissing, "auth.missing", "No token was sent; put it in the header Authorization: Bearer."},
    {AuthInvalid, "auth.invalid", "The token is unknown, expired or revoked, or of another kind; get a new one."},
    {AuthStepUpRequired, "auth.step_up_required",
     "This user has an authenticator: give a code of it in this session first (elevate)."},
    {AuthRecoveryOnly, "auth.recovery_only",
     "A step-up by a security code may set up an authenticator and change nothing else yet."},
    {AuthWrongPurpose, "auth.wrong_purpose", "This session token is for another purpose; open a session of the one this route needs."},
    {AuthScopeMissing, "auth.scope_missing",
     "This key or session may not do this; an administrator's needs the scope for it."},
    {AuthFreshFactorRequired, "auth.fresh_factor_required",
     "This makes the policy weaker: give a code of your own authenticator with it."},
    {AuthOriginNotAllowed, "auth.origin_not_allowed",
     "Pages of this origin may not call: forward the call without its Origin, or name it in an application key."},
    {AdminNotOnAdministrators, "admin.not_on_administrators",
     "Nobody acts on himself or on another administrator; the command line can."},
    {RouteNotFound, "route.not_found", "There is no such route; see openapi.yaml for those there are."},
    {MethodNotAllowed, "route.method_not_allowed", "This route takes another HTTP method; see the header Allow."},
    {RequestMalformed, "request.malformed", "The body is not one JSON object in UTF-8."},
    {RequestFieldMissing, "request.field_missing", "A field that this request needs is missing."},
    {RequestFieldInvalid, "request.field_invalid", "A field has a value that is not allowed."},
    {RequestFieldUnknown, "request.field_unknown", "The body has a field that this request does not know."},
    {RequestTooLarge, "request.too_large", "The header or the body is larger than this server takes; send less."},
    {RequestMediaType, "request.media_type", "Send the body as application/json."},
    {EnrollmentTooMany, "enrollment.too_many",
     "This user has as many authenticators as there may be; replace or remove one."},
    {EnrollmentPendingUnknown, "enrollment.pending_unknown",
     "There is no such enrollment, or its ten minutes are over; begin again."},
    {MethodUnknown, "method.unknown", "This user has no such authenticator; list them again."},
    {MethodLast, "method.last", "This is the last active authenticator; add another one first, or replace it."},
    {MethodNone, "method.none", "This user has no active authenticator, and a security code stands in for one; set one up first."},
    {MethodDisabled, "method.disabled",
     "This method has ended after too many failures; its owner sets it up anew, with a backup code where nothing else is left."},
    {PolicyNotAllowed, "policy.not_allowed", "The policy does not allow this; an administrator can change it."},
    {PolicyVersionChanged, "policy.version_changed", "The policy has been changed meanwhile; read it again and begin from there."},
    {ChallengeNotPassed, "challenge.not_passed",
     "This challenge does not elevate: it has to be one of the same user and application key, passed in the last ten minutes."},
    {ChallengeNotAllowed, "challenge.not_allowed", "This is not open in this challenge now; read it again for what is."},
    {MailNotConfigured, "mail.not_configured", "This server sends no mail; its operator can give it a mail server."},
    {EmailNoAddress, "email.no_address", "The site has named no email address for this user; it does so when it opens a session."},
    {EmailAddressInvalid, "email.address_invalid", "Mail cannot be sent to this; give an address as name@example.org."},
    {EmailSameAsPrimary, "email.same_as_primary", "This is the address of the account itself; an alternate has to be another one."},
    {AdmissionBusy, "admission.busy", "Too many attempts at once; try again after the time given."},
    {ClockUnreliable, "clock.unreliable",
     "The server does not trust its clock and checks no codes; the operator has to correct or confirm it."},
    {ServerUnavailable, "server.unavailable", "The answer could not be written to disk, so it is no; try again."},
    {DataDirectoryLocked, "data.locked", "Another server runs on this data directory; stop it first."},
    {DataDirectoryUnusable, "data.unusable", "The data directory cannot be used."},
    {DataVersionNewer, "data.newer_version", "A newer version has written this store; run that version."},
    {DataStoreFailed, "data.store_failed", "The store could not carry out the work; see the reason."},
    {DataStoreExists, "data.store_exists",
     "There is a store in this directory; with --accept it is kept aside and the backup comes in its place."},
    {DataBehindGuard, "data.behind_guard",
     "This store is older than it has been, and codes that are used up would count again; see countersign restore --accept."},
    {BackupUnusable, "backup.unusable", "The backup cannot be used or written; see the reason."},
    {MasterKeyUnusable, "master_key.unusable", "The master key file cannot be used."},
    {MasterKeyMismatch, "master_key.mismatch", "This is not the master key that the store was made with."},
    {MasterKeyPreviousNeeded, "master_key.previous_needed",
     "A rotation of the master key is not finished; give the previous one with --previous-master-key-file, too."},
    {MasterKeyInUse, "master_key.in_use",
     "A server runs here that knows the previous master key alone; start it anew with both, then rotate."},
    {RealmUnknown, "realm.unknown", "There is no such realm; create it first."},
    {RealmInvalid, "realm.invalid", "A realm's name is 1 to 64 characters of a-z, 0-9, dash and underscore."},
    {RealmExists, "realm.exists", "There is such a realm already."},
    {AppKeyUnknown, "app_key.unknown", "There is no such application key in this realm; see app-key list."},
    {AppKeyInvalid, "app_key.invalid", "An application key's name is 1 to 64 bytes of printable UTF-8, its scope admin or none, an allowed origin like https://app.example.org."},
    {ImportRowInvalid, "import.row_invalid", "A row cannot be imported, so none was; mend it and import again."},
    {UserUnknown, "user.unknown", "Nothing is stored of such a user in this realm; see users list."},
    {MailUnknown, "mail.unknown", "The outbox has no such mail; see outbox list."},
}};

consteval bool in_order() {
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (static_cast<std::size_t>(kEntries[i].code) != i || kEntries[i].name.empty()) return false;
    }
    return true;
}
static_assert(in_order(), "the table follows the enumeration");

}  // namespace

std::string_view server_error_name(ServerErrorCode code) noexcept {
    return kEntries[static_cast<std::size_t>(code)].name;
}

std::string_view server_error_sentence(ServerErrorCode code) noexcept {
    return kEntries[static_cast<std::size_t>(code)].sentence;
}

}  // namespace countersign::server
