// SPDX-License-Identifier: Apache-2.0
#include "store/challenge_rows.h"

#include <algorithm>
#include <string_view>

#include "app/admin_store.h"
#include "store/audit.h"
#include "store/code_sets.h"
#include "store/contact_rows.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/schema.h"

namespace countersign::server {
namespace {

const std::string kNoCredential;

/// A word or number we do not know ends the challenge: nothing is accepted on it.
ChallengeStage read_stage(std::int64_t number) {
    return stage_of(number).value_or(ChallengeStage{ChallengeState::Ended, {}});
}

void raise(Holding& to, std::string_view status) {
    if (status == "active") to = Holding::Active;
    else if (to == Holding::None) to = Holding::Disabled;
}

AlternateSet parse_picked(std::string_view names) {
    AlternateSet picked;
    while (!names.empty()) {
        const auto comma = names.find(',');
        if (const auto alternate = parse_alternate(names.substr(0, comma))) picked.add(*alternate);
        names = comma == std::string_view::npos ? std::string_view{} : names.substr(comma + 1);
    }
    return picked;
}

AlternateSet find_picked(Database& database, const std::string& realm, const std::string& user) {
    Query query(database.prepared("SELECT alternates FROM alternate_choice WHERE realm = :realm AND user = :user"));
    query.bind(":realm", realm).bind(":user", user);
    return query.step() ? parse_picked(query.text(0)) : AlternateSet{};
}

/// What is bound, and what it is good for now.
void read_holdings(Database& database, const std::string& realm, const std::string& user, UnixSeconds now,
                   FoundCircumstances& found) {
    Query query(database.prepared("SELECT method, status, usable_from, uses, recovery, active_at, credential "
                                  "FROM credential WHERE realm = :realm AND user = :user AND status <> 'pending'"));
    query.bind(":realm", realm).bind(":user", user);
    const UnixSeconds floor = read_state(database).floor_time;
    while (query.step()) {
        const std::string method = query.text(0);
        const std::string status = query.text(1);
        if (query.integer(4) != 0) {
            const UnixSeconds at{query.maybe_integer(5).value_or(0)};
            found.last_recovered = std::max(found.last_recovered.value_or(at), at);
        }
        if (method == "totp") raise(found.holdings.totp, status);
        if (method == "email") raise(found.holdings.email, status);
        if (method == "alternate_email" && query.integer(2) <= now.value) raise(found.holdings.alternate_email, status);
        if (method == "kba" && query.integer(3) < kMostKbaUses) raise(found.holdings.kba, status);
        if (method == "static_codes") raise(found.holdings.static_codes, status);
        if (method == "backup_code" &&
            count_usable_codes(database, realm, user, query.text(6), now, floor) > 0) {
            raise(found.holdings.backup_code, status);
        }
    }
}

void insert_challenge(Database& database, const ChallengeRecord& challenge) {
    Query(database.prepared(
              "INSERT INTO challenge (realm, user, challenge, app_key, receipt_purpose, context, first_factor_method, "
              "first_factor_at, stage, created_at, expires_at) VALUES (:realm, :user, :challenge, :app_key, :purpose, "
              ":context, :method, :at, :stage, :created, :expires)"))
        .bind(":realm", challenge.realm)
        .bind(":user", challenge.user)
        .bind(":challenge", challenge.id)
        .bind(":app_key", challenge.app_key)
        .bind(":purpose", challenge.receipt_purpose)
        .bind(":context", challenge.context)
        .bind(":method", challenge.first_factor_method)
        .bind(":at", challenge.first_factor_at.value)
        .bind(":stage", stage_number(challenge.stage))
        .bind(":created", challenge.created_at.value)
        .bind(":expires", challenge.expires_at.value)
        .run();
    // The relying party's word for the first factor comes last: whatever it says, it can pass for nothing else.
    const bool named = !challenge.first_factor_method.empty();
    record_event(database, challenge.created_at,
                 {challenge.realm, challenge.user, "challenge.opened", "", kNoCredential,
                  "challenge=" + challenge.id + " app_key=" + challenge.app_key + " first_factor" +
                      (named ? "_at=" + std::to_string(challenge.first_factor_at.value) +
                                   " first_factor=" + challenge.first_factor_method
                             : "=none")});
}

/// When it was passed; nothing when it is not what was judged. Its row stays locked until the session stands.
std::optional<UnixSeconds> take_step_up(Database& database, const SessionRecord& session, UnixSeconds floor) {
    if (!hold_policy(database, session.realm, session.earned->policy_version)) return std::nullopt;
    Query query(database.prepared("UPDATE challenge SET stage = stage WHERE realm = :realm AND user = :user "
                                  "AND challenge = :challenge AND app_key = :app_key AND stage = :stage "
                                  "AND created_at > :floor AND passed_at > :now - :life AND passed_at <= :now "
                                  "RETURNING passed_at"));
    query.bind(":realm", session.realm)
        .bind(":user", session.user)
        .bind(":challenge", session.earned->challenge)
        .bind(":app_key", session.app_key)
        .bind(":stage", session.earned->stage)
        .bind(":floor", floor.value)
        .bind(":now", session.created_at.value)
        .bind(":life", kElevationSeconds);
    if (!query.step()) return std::nullopt;
    const UnixSeconds passed{query.integer(0)};
    while (query.step()) {
    }
    return passed;
}

}  // namespace

std::optional<FoundChallenge> find_challenge(Database& database, const std::string& realm, const std::string& user,
                                             const std::string& challenge, const std::string& attempt) {
    Query query(database.prepared(
        "SELECT app_key, receipt_purpose, context, first_factor_method, first_factor_at, stage, created_at, "
        "challenge.expires_at, passed_at, fallback, recovery, ok, retry_at FROM challenge "
        "LEFT JOIN challenge_attempt ON challenge_attempt.realm = challenge.realm "
        "AND challenge_attempt.user = challenge.user AND challenge_attempt.challenge = challenge.challenge "
        "AND attempt = :attempt WHERE challenge.realm = :realm AND challenge.user = :user "
        "AND challenge.challenge = :challenge AND created_at > (SELECT floor_time FROM state)"));
    query.bind(":realm", realm).bind(":user", user).bind(":challenge", challenge).bind(":attempt", attempt);
    if (!query.step()) return std::nullopt;
    FoundChallenge found;
    ChallengeRecord& record = found.challenge;
    record.realm = realm;
    record.user = user;
    record.id = challenge;
    record.app_key = query.text(0);
    record.receipt_purpose = query.text(1);
    record.context = query.text(2);
    record.first_factor_method = query.text(3);
    record.first_factor_at = UnixSeconds{query.integer(4)};
    record.stage = read_stage(query.integer(5));
    record.created_at = UnixSeconds{query.integer(6)};
    record.expires_at = UnixSeconds{query.integer(7)};
    if (const auto passed = query.maybe_integer(8)) record.passed_at = UnixSeconds{*passed};
    record.fallback = query.integer(9) != 0;
    record.recovery = query.integer(10) != 0;
    if (const auto ok = query.maybe_integer(11)) found.attempt = {*ok != 0, UnixSeconds{query.integer(12)}};
    return found;
}

std::optional<FoundCircumstances> find_circumstances(Database& database, const std::string& realm,
                                                     const std::string& user, UnixSeconds now) {
    const auto policy = find_policy(database, realm);  // first: whoever holds its version decides by nothing older
    if (!policy) return std::nullopt;
    FoundCircumstances found;
    found.policy = *policy;
    read_holdings(database, realm, user, now, found);
    found.picked = find_picked(database, realm, user);
    return found;
}

OpenResult open_session(Database& database, const SessionRecord& session, UnixSeconds floor) {
    if (!may_call(database, session.realm, session.app_key)) return OpenResult::KeyGone;
    SessionRecord standing = session;
    if (session.earned) {
        const auto passed = take_step_up(database, session, floor);
        if (!passed) return OpenResult::JudgeAgain;
        standing.elevated_until = std::min(session.expires_at, UnixSeconds{passed->value + kElevationSeconds});
        standing.recovery = session.earned->recovery;
        standing.challenge = session.earned->challenge;
    }
    insert_session(database, standing);
    if (session.opens) insert_challenge(database, *session.opens);
    if (session.contact) save_contact(database, *session.contact);
    if (session.earned) {
        record_event(database, session.created_at,
                     {session.realm, session.user, "session.elevated", "", kNoCredential,
                      "session=" + session.id + " challenge=" + session.earned->challenge +
                          (standing.recovery ? " recovery" : "")});
    }
    if (!session.scopes.empty()) {
        record_event(database, session.created_at,
                     {session.realm, session.user, kAdminOpened, "", kNoCredential,
                      "session=" + session.id + " app_key=" + session.app_key + " scopes=" + session.scopes});
    }
    return OpenResult::Done;
}

ReceiptResult issue_receipt(Database& database, const ReceiptIssue& issue, UnixSeconds floor) {
    if (!hold_policy(database, issue.realm, issue.policy_version)) return ReceiptResult::JudgeAgain;
    const bool issued =
        Query(database.prepared("UPDATE challenge SET receipt_lookup = :lookup, receipt_expires_at = :expires "
                                "WHERE realm = :realm AND user = :user AND challenge = :challenge AND stage = :stage "
                                "AND redeemed_at IS NULL AND expires_at > :now AND created_at > :floor RETURNING 1"))
            .bind(":lookup", std::span<const std::uint8_t>(issue.lookup))
            .bind(":expires", issue.expires_at.value)
            .bind(":realm", issue.realm)
            .bind(":user", issue.user)
            .bind(":challenge", issue.challenge)
            .bind(":stage", issue.stage)
            .bind(":now", issue.now.value)
            .bind(":floor", floor.value)
            .run();
    return issued ? ReceiptResult::Done : ReceiptResult::JudgeAgain;
}

ReceiptResult redeem_receipt(Database& database, const ReceiptUse& use, UnixSeconds floor) {
    if (!hold_policy(database, use.realm, use.policy_version)) return ReceiptResult::JudgeAgain;
    if (!may_call(database, use.realm, use.app_key)) return ReceiptResult::Refused;
    Query query(database.prepared(
        "UPDATE challenge SET stage = :redeemed, redeemed_at = :now "
        "WHERE realm = :realm AND user = :user AND challenge = :challenge AND app_key = :app_key "
        "AND receipt_purpose = :purpose AND receipt_lookup = :lookup AND receipt_expires_at > :now "
        "AND redeemed_at IS NULL AND stage = :stage AND created_at > :floor RETURNING 1"));
    query.bind(":redeemed", use.redeemed)
        .bind(":now", use.now.value)
        .bind(":realm", use.realm)
        .bind(":user", use.user)
        .bind(":challenge", use.challenge)
        .bind(":app_key", use.app_key)
        .bind(":purpose", use.purpose)
        .bind(":lookup", std::span<const std::uint8_t>(use.lookup))
        .bind(":stage", use.stage)
        .bind(":floor", floor.value);
    if (!query.run()) return ReceiptResult::Refused;
    if (use.fallback) {  // a success of the primary factor is no event (R9c)
        record_event(database, use.now,
                     {use.realm, use.user, "receipt.redeemed", "", kNoCredential, "challenge=" + use.challenge + " fallback"});
    }
    return ReceiptResult::Done;
}

}  // namespace countersign::server
