// SPDX-License-Identifier: Apache-2.0
#include "store/binding.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/audit.h"
#include "store/elevation.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/second_factors.h"

namespace countersign::server {
namespace {

/// Whose authenticators: a user's, of one method.
struct Owner {
    const std::string& realm;
    const std::string& user;
    const std::string& method;
};

struct BoundSlot {
    std::string credential;
    std::int64_t slot = 0;
};

std::vector<BoundSlot> bound_slots(Database& database, const Owner& owner) {
    Query query(database.prepared("SELECT credential, slot FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method = :method AND status <> 'pending' ORDER BY slot"));
    query.bind(":realm", owner.realm).bind(":user", owner.user).bind(":method", owner.method);
    std::vector<BoundSlot> found;
    while (query.step()) found.push_back({query.text(0), query.integer(1)});
    return found;
}

void delete_pending(Database& database, const Owner& owner) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND status = 'pending'"))
        .bind(":realm", owner.realm)
        .bind(":user", owner.user)
        .bind(":method", owner.method)
        .run();
}

/// The slot it had; nothing when there was none.
std::optional<std::int64_t> delete_bound(Database& database, const Owner& owner, const std::string& credential) {
    Query query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user "
                                  "AND method = :method AND credential = :credential AND status <> 'pending' "
                                  "RETURNING slot"));
    query.bind(":realm", owner.realm)
        .bind(":user", owner.user)
        .bind(":method", owner.method)
        .bind(":credential", credential);
    if (!query.step()) return std::nullopt;
    const std::int64_t slot = query.integer(0);
    while (query.step()) {
    }
    return slot;
}

void rename_pending(Database& database, const CredentialRecord& pending) {
    Query(database.prepared("UPDATE credential SET name = :name WHERE realm = :realm AND user = :user "
                            "AND credential = :credential AND status = 'pending'"))
        .bind(":name", pending.name)
        .bind(":realm", pending.realm)
        .bind(":user", pending.user)
        .bind(":credential", pending.id)
        .run();
}

/// Where an enrollment goes when its code is right.
struct Place {
    std::int64_t slot = 0;  ///< free now
    std::string replaces;   ///< whose slot it takes afterwards; empty: it stays
};

/// Nothing when there is no such pending one, or no place for it any more: what it replaces is gone, or it was
/// begun as the user's first and another one, of whichever kind, came before (R2).
std::optional<Place> find_place(Database& database, const ConfirmAttempt& attempt, const Owner& owner) {
    Place place;
    bool elevated = false;
    {
        Query query(database.prepared("SELECT replaces, elevated FROM credential WHERE realm = :realm "
                                      "AND user = :user AND credential = :credential AND status = 'pending'"));
        query.bind(":realm", attempt.realm).bind(":user", attempt.user).bind(":credential", attempt.credential);
        if (!query.step()) return std::nullopt;
        place.replaces = query.text(0);
        elevated = query.integer(1) != 0;
    }
    const std::vector<BoundSlot> bound = bound_slots(database, owner);
    if (!elevated && second_factors_of(database, owner.realm, owner.user).any) return std::nullopt;
    for (const BoundSlot& taken : bound) {  // in their order
        if (taken.slot == place.slot) ++place.slot;
    }
    if (place.replaces.empty()) return place.slot < kMaxAuthenticators ? std::optional(place) : std::nullopt;
    const bool stands = std::ranges::any_of(bound, [&](const BoundSlot& b) { return b.credential == place.replaces; });
    return stands ? std::optional(place) : std::nullopt;
}

/// The code that proves the enrollment is used up by it: `last_step` is its step, so it can never be a login.
/// OR IGNORE: the unique slot refuses a second one in it, and refusing is no row.
bool match_pending(Database& database, const ConfirmAttempt& attempt, const Place& place, UnixSeconds floor) {
    return Query(database.prepared(
                     "UPDATE OR IGNORE credential SET status = 'active', slot = :slot, last_step = :step, "
                     "failures = 0, active_at = :now, expires_at = NULL, session = NULL, replaces = NULL, "
                     "elevated = 0, box_key = NULL, box = NULL "
                     "WHERE realm = :realm AND user = :user AND credential = :credential "
                     "AND status = 'pending' AND session = :session AND expires_at > :now AND created_at > :floor "
                     "AND last_step < :step AND :step > :floor / period AND not_before <= :now "
                     "RETURNING 1"))
        .bind(":slot", place.slot)
        .bind(":step", attempt.step.value)
        .bind(":now", attempt.now.value)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .bind(":session", attempt.session)
        .bind(":floor", floor.value)
        .run();
}

/// The old one ends, and the new one moves into its slot.
void take_place(Database& database, const ConfirmAttempt& attempt, const Owner& owner, const std::string& replaces) {
    const auto slot = delete_bound(database, owner, replaces);
    if (!slot) throw SQLite::Exception("the authenticator to replace is gone");
    Query(database.prepared("UPDATE credential SET slot = :slot WHERE realm = :realm AND user = :user "
                            "AND credential = :credential AND status = 'active'"))
        .bind(":slot", *slot)
        .bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .run();
}

/// Why no row was changed; only tells.
ConfirmDecision explain_refusal(Database& database, const ConfirmAttempt& attempt) {
    Query query(database.prepared("SELECT not_before FROM credential WHERE realm = :realm AND user = :user "
                                  "AND credential = :credential AND status = 'pending' AND session = :session "
                                  "AND expires_at > :now AND not_before > :now"));
    query.bind(":realm", attempt.realm)
        .bind(":user", attempt.user)
        .bind(":credential", attempt.credential)
        .bind(":session", attempt.session)
        .bind(":now", attempt.now.value);
    if (!query.step()) return {ConfirmResult::Gone, 0};
    return {ConfirmResult::Waiting, wait_until(query.integer(0), attempt.now)};
}

/// What would replace the removed one, and what other sessions have begun.
void delete_overtaken(Database& database, const RemoveRequest& request) {
    Query(database.prepared("DELETE FROM credential WHERE realm = :realm AND user = :user AND method = :method "
                            "AND status = 'pending' AND (replaces = :credential OR session <> :session)"))
        .bind(":realm", request.realm)
        .bind(":user", request.user)
        .bind(":method", request.method)
        .bind(":credential", request.credential)
        .bind(":session", request.session)
        .run();
}

/// What this session may have back: same key, same place, and still good.
bool is_same_enrollment(const CredentialRecord& standing, const CredentialRecord& candidate, UnixSeconds floor) {
    return standing.status == CredentialStatus::Pending && standing.session == candidate.session &&
           standing.box_key == candidate.box_key && standing.replaces == candidate.replaces &&
           standing.elevated == candidate.elevated && standing.recovery == candidate.recovery &&
           standing.expires_at > candidate.created_at &&
           standing.created_at > floor;
}

}  // namespace

PendingDecision begin_pending(Database& database, const CredentialRecord& wanted, UnixSeconds floor) {
    CredentialRecord candidate = wanted;
    const bool named = !candidate.name.empty();
    const auto session =
        standing_session(database, {candidate.realm, candidate.user, candidate.session, candidate.created_at, floor});
    if (!session) return {ChangeResult::SessionGone, {}};
    const Owner owner{candidate.realm, candidate.user, candidate.method};
    std::vector<CredentialRecord> standing =
        find_credentials(database, candidate.realm, candidate.user, candidate.method);
    const auto is_bound = [](const CredentialRecord& c) { return c.status != CredentialStatus::Pending; };
    const auto bound = std::ranges::count_if(standing, is_bound);
    const bool any = second_factors_of(database, candidate.realm, candidate.user).any;
    if (any && !session->elevated) return {ChangeResult::StepUpRequired, {}};
    if (candidate.replaces.empty()) {
        if (bound >= kMaxAuthenticators) return {ChangeResult::TooMany, {}};
    } else {
        const auto old = std::ranges::find_if(
            standing, [&](const CredentialRecord& c) { return is_bound(c) && c.id == candidate.replaces; });
        if (old == standing.end()) return {ChangeResult::Unknown, {}};
        if (!named) candidate.name = old->name;
    }
    candidate.elevated = session->elevated;
    candidate.recovery = session->recovery;
    for (CredentialRecord& pending : standing) {
        if (!is_same_enrollment(pending, candidate, floor)) continue;
        if (named && pending.name != candidate.name) {
            pending.name = candidate.name;
            rename_pending(database, pending);
        }
        return {ChangeResult::Done, std::move(pending)};
    }
    delete_pending(database, owner);
    insert_credential(database, candidate);
    return {ChangeResult::Done, std::move(candidate)};
}

ConfirmDecision decide_confirm(Database& database, const ConfirmAttempt& attempt, UnixSeconds floor,
                               CountOnly only) {
    const SessionKey session{attempt.realm, attempt.user, attempt.session, attempt.now, floor};
    if (!standing_session(database, session)) return {ConfirmResult::SessionGone, 0};
    const auto record = [&](std::string_view event, std::string_view detail) {
        if (only == CountOnly::Yes) return;
        record_event(database, attempt.now,
                     {attempt.realm, attempt.user, event, attempt.method, attempt.credential, detail});
    };
    if (attempt.outcome != Outcome::Accepted) {
        const auto counted = count_failure(
            database, {attempt.realm, attempt.user, attempt.credential, attempt.now, attempt.session, floor},
            attempt.counting);
        if (!counted) return explain_refusal(database, attempt);
        if (counted->failures >= attempt.counting.pause_from_failure) record("enrollment.locked", "");
        return {ConfirmResult::Refused, wait_until(counted->not_before, attempt.now)};
    }
    if (only == CountOnly::Yes) return {};
    const Owner owner{attempt.realm, attempt.user, attempt.method};
    const auto place = find_place(database, attempt, owner);
    if (!place || !match_pending(database, attempt, *place, floor)) return explain_refusal(database, attempt);
    const bool replaces = !place->replaces.empty();
    if (replaces) take_place(database, attempt, owner, place->replaces);
    delete_pending(database, owner);
    end_other_elevations(database, session);
    record(replaces ? "credential.replaced" : "credential.enrolled", replaces ? "replaced=" + place->replaces : "");
    return {ConfirmResult::Activated, 0};
}

ChangeResult remove_credential(Database& database, const RemoveRequest& request, UnixSeconds floor) {
    if (!hold_policy(database, request.realm, request.policy_version)) return ChangeResult::PolicyChanged;
    const SessionKey session{request.realm, request.user, request.session, request.now, floor};
    const auto standing = standing_session(database, session);
    if (!standing) return ChangeResult::SessionGone;
    const Owner owner{request.realm, request.user, request.method};
    const std::vector<BoundSlot> bound = bound_slots(database, owner);
    if (!standing->elevated && second_factors_of(database, request.realm, request.user).any) {
        return ChangeResult::StepUpRequired;
    }
    if (standing->recovery) return ChangeResult::RecoveryOnly;
    if (std::ranges::none_of(bound, [&](const BoundSlot& b) { return b.credential == request.credential; })) {
        return ChangeResult::Unknown;
    }
    if (!may_lose(database, request.realm, request.user, request.credential, request.rules)) return ChangeResult::Last;
    if (!delete_bound(database, owner, request.credential)) return ChangeResult::Unknown;
    delete_overtaken(database, request);
    forget_fallbacks_of_none(database, request.realm, request.user);
    end_other_elevations(database, session);
    record_event(database, request.now,
                 {request.realm, request.user, "credential.removed", request.method, request.credential, ""});
    return ChangeResult::Done;
}

}  // namespace countersign::server
