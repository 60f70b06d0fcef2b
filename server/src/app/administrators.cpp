// SPDX-License-Identifier: Apache-2.0
#include "app/administrators.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/backup_code_maker.h"
#include "app/backup_codes.h"
#include "app/change_refusal.h"
#include "app/policy_weakening.h"
#include "app/refusal.h"
#include "app/text_rules.h"
#include "app/tokens.h"
#include "countersign/audit_chain.h"

namespace countersign::server {

struct Administrators::Issue {
    Ticket ticket;
    AdminCodeIssue act;
    Secret shown;
    Secret code;  ///< the actor's, as typed
};

namespace {

constexpr std::array<std::string_view, 4> kScopes{kScopePolicy, kScopeUnlock, kScopeCodes, kScopeAudit};

Answer<void> require_scope(const SessionCaller& caller, std::initializer_list<std::string_view> any_of) {
    const auto has = [&](std::string_view scope) { return has_scope(caller.scopes, scope); };
    const bool may = std::ranges::any_of(any_of, has);
    if (may) return {};
    return refuse(ServerErrorCode::AuthScopeMissing);
}

AttemptPurpose fresh_factor(const Policy& policy) {
    return FreshFactor{policy.recovery_hold_hours * std::int64_t{3600}};
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

Answer<std::string> line_of(const StoredCheckpoint& stored) {
    SignedCheckpoint checkpoint;
    if (stored.head.size() != checkpoint.checkpoint.head.size() ||
        stored.signature.size() != checkpoint.signature.size()) {
        return refuse(ServerErrorCode::ServerUnavailable, "the last checkpoint cannot be read");
    }
    checkpoint.checkpoint.epoch = stored.epoch;
    checkpoint.checkpoint.size = stored.size;
    checkpoint.checkpoint.time = stored.time;
    std::ranges::copy(stored.head, checkpoint.checkpoint.head.begin());
    std::ranges::copy(stored.signature, checkpoint.signature.begin());
    return format_checkpoint(checkpoint);
}

}  // namespace

bool has_scope(std::string_view scopes, std::string_view scope) noexcept {
    while (!scopes.empty()) {
        const std::size_t comma = std::min(scopes.find(','), scopes.size());
        if (scopes.substr(0, comma) == scope) return true;
        scopes.remove_prefix(std::min(comma + 1, scopes.size()));
    }
    return false;
}

std::optional<std::string> join_scopes(const std::vector<std::string>& scopes) {
    const auto known = [](const std::string& scope) { return std::ranges::find(kScopes, scope) != kScopes.end(); };
    if (scopes.empty() || !std::ranges::all_of(scopes, known)) return std::nullopt;
    std::string joined;
    for (const std::string_view scope : kScopes) {
        if (std::ranges::find(scopes, scope) == scopes.end()) continue;
        joined.append(joined.empty() ? "" : ",").append(scope);
    }
    return joined;
}

Answer<SavedPolicy> Administrators::read(const PolicyRecord& record) const {
    const auto read = read_policy_in_force(with_.form, record);
    if (!read) return tl::unexpected(read.error());
    return SavedPolicy{record.version, read->policy, record.who, record.at};
}

Administrators::Ticket Administrators::admit(const SessionCaller& caller) {
    return std::make_shared<Admission::Ticket>(with_.admission.admit(caller.realm, caller.user, "totp"));
}

Answer<SavedPolicy> Administrators::policy(const SessionCaller& caller) {
    if (auto may = require_scope(caller, {kScopePolicy}); !may) return tl::unexpected(may.error());
    const auto record = with_.store.find_policy(caller.realm);
    if (!record) return tl::unexpected(record.error());
    return read(*record);
}

Answer<std::vector<SavedPolicy>> Administrators::policy_history(const SessionCaller& caller) {
    if (auto may = require_scope(caller, {kScopePolicy}); !may) return tl::unexpected(may.error());
    const auto records = with_.store.find_policies(caller.realm);
    if (!records) return tl::unexpected(records.error());
    std::vector<SavedPolicy> all;
    for (const PolicyRecord& record : *records) {
        auto saved = read(record);
        if (!saved) return tl::unexpected(std::move(saved.error()));
        all.push_back(std::move(*saved));
    }
    return all;
}

void Administrators::save_policy(const SessionCaller& caller, PolicySave save, Reply<PolicySaved> reply) {
    if (auto may = require_scope(caller, {kScopePolicy}); !may) return reply(tl::unexpected(may.error()));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto before = with_.policy_of(caller.realm);
    if (!before) return reply(tl::unexpected(before.error()));
    if (before->version != save.version) return reply(refuse(ServerErrorCode::PolicyVersionChanged));
    AdminPolicySave act{.realm = caller.realm,
                        .user = caller.user,
                        .session = caller.session_id,
                        .change = {caller.realm, with_.form.write(save.policy), caller.user, *now, save.version},
                        .code = {}};
    Ticket ticket;
    if (weakens(before->policy, save.policy)) {  // of the version that the transaction has to find (R11)
        if (!save.code) return reply(refuse(ServerErrorCode::AuthFreshFactorRequired));
        ticket = admit(caller);
        if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
        auto code = with_.examine(caller.realm, caller.user, std::move(*save.code), *now);
        if (!code) return reply(tl::unexpected(std::move(code.error())));
        act.code = std::move(*code);
        act.code->purpose = fresh_factor(before->policy);
    }
    with_.store.save_policy(std::move(act), [ticket, reply = std::move(reply)](Answer<AdminOutcome> outcome) {
        if (ticket) *ticket = Admission::Ticket{};
        if (!outcome) return reply(tl::unexpected(std::move(outcome.error())));
        if (outcome->code_refused) return reply(PolicySaved{false, outcome->retry_after_seconds});
        if (outcome->result == ChangeResult::PolicyChanged) return reply(refuse(ServerErrorCode::PolicyVersionChanged));
        if (outcome->result != ChangeResult::Done) return reply(refuse(error_of(outcome->result)));
        reply(PolicySaved{true, 0, outcome->version});
    });
}

void Administrators::user(const SessionCaller& caller, const std::string& user, Reply<AdminUserView> reply) {
    if (auto may = require_scope(caller, {kScopeUnlock, kScopeCodes}); !may) return reply(tl::unexpected(may.error()));
    const auto policy = with_.policy_of(caller.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    if (auto sound = check_user(user); !sound) return reply(tl::unexpected(sound.error()));
    const auto delays = with_.store.find_delays(caller.realm, user, *now);
    if (!delays) return reply(tl::unexpected(delays.error()));
    with_.list_methods({caller.realm, caller.app_key}, user,
                       [delays = *delays, allowed = allows_backup_codes(policy->policy),
                        reply = std::move(reply)](Answer<std::vector<MethodState>> methods) {
                           if (!methods) return reply(tl::unexpected(std::move(methods.error())));
                           AdminUserView view{std::move(*methods), allowed, delays.backup_code_until};
                           for (MethodState& method : view.methods) {
                               const auto delay = delays.not_before.find(method.credential_id);
                               if (delay != delays.not_before.end()) method.paused_until = delay->second;
                           }
                           reply(std::move(view));
                       });
}

void Administrators::unlock(const SessionCaller& caller, const std::string& user, const std::string& credential,
                            Reply<void> reply) {
    if (auto may = require_scope(caller, {kScopeUnlock}); !may) return reply(tl::unexpected(may.error()));
    if (auto sound = check_user(user); !sound) return reply(tl::unexpected(sound.error()));
    if (!is_credential_id(credential)) return reply(refuse(ServerErrorCode::MethodUnknown));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    with_.store.unlock({caller.realm, caller.user, caller.session_id, user, credential, *now},
                       [reply = std::move(reply)](Answer<ChangeResult> result) {
                           if (!result) return reply(tl::unexpected(std::move(result.error())));
                           if (*result != ChangeResult::Done) return reply(refuse(error_of(*result)));
                           reply({});
                       });
}

void Administrators::issue_backup_code(const SessionCaller& caller, AdminCodeRequest request,
                                       Reply<AdminCodeIssued> reply) {
    if (auto may = require_scope(caller, {kScopeCodes}); !may) return reply(tl::unexpected(may.error()));
    if (auto sound = check_user(request.user); !sound) return reply(tl::unexpected(sound.error()));
    if (request.reason.empty() || request.reason.size() > kMaxReasonBytes || !is_printable_utf8(request.reason)) {
        return reply(refuse(ServerErrorCode::RequestFieldInvalid, "reason: 1 to 256 bytes of printable UTF-8"));
    }
    if (request.user == caller.user) return reply(refuse(ServerErrorCode::AdminNotOnAdministrators));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    auto issue = std::make_shared<Issue>();
    issue->ticket = admit(caller);
    if (!*issue->ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    issue->code = std::move(request.code);
    issue->act.realm = caller.realm;
    issue->act.user = caller.user;
    issue->act.session = caller.session_id;
    BackupCodeIssue& wanted = issue->act.issue;
    wanted.realm = caller.realm;
    wanted.user = std::move(request.user);
    wanted.credential = make_random_id("crd_");
    wanted.key_id = with_.keys.id();
    wanted.now = *now;
    wanted.who = caller.user;
    wanted.reason = std::move(request.reason);
    stretch(issue, std::move(reply));
}

void Administrators::stretch(const std::shared_ptr<Issue>& issue, Reply<AdminCodeIssued> reply) {
    const BackupCodeIssue& wanted = issue->act.issue;
    const std::string actor = std::to_string(wanted.realm.size()) + ":" + wanted.realm + issue->act.user;
    if (!allowance_.take(actor, wanted.now)) {
        return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    }
    const bool in_line = with_.pool.submit([this, issue, reply]() -> StretchPool::After {
        // First, so that what was typed is gone whatever comes of the rest.
        auto code = with_.examine(issue->act.realm, issue->act.user, std::move(issue->code), issue->act.issue.now);
        if (!code) return [reply, error = std::move(code.error())] { reply(tl::unexpected(error)); };
        auto made = make_backup_code(with_.keys, issue->act.realm, issue->act.issue.user);
        if (!made) return [reply, error = std::move(made.error())] { reply(tl::unexpected(error)); };
        issue->act.code = std::move(*code);
        issue->shown = std::move(made->shown);
        issue->act.issue.digest = made->digest;
        return [this, issue, reply] { store(issue, kJudgings, reply); };
    });
    if (!in_line) reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
}

void Administrators::store(const std::shared_ptr<Issue>& issue, int tries, Reply<AdminCodeIssued> reply) {
    const auto policy = with_.policy_of(issue->act.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    if (!allows_backup_codes(policy->policy)) return reply(refuse(ServerErrorCode::PolicyNotAllowed));
    BackupCodeIssue& wanted = issue->act.issue;
    wanted.policy_version = policy->version;
    wanted.expires_at =
        UnixSeconds{wanted.now.value + policy->policy.security_codes.backup_code_hours * std::int64_t{3600}};
    issue->act.code.counting = policy->policy.counting;
    issue->act.code.purpose = fresh_factor(policy->policy);
    with_.store.issue_backup_code(
        issue->act, [this, issue, tries, reply = std::move(reply)](Answer<AdminOutcome> outcome) {
            if (outcome && outcome->result == ChangeResult::PolicyChanged && tries > 1) {
                return store(issue, tries - 1, reply);
            }
            *issue->ticket = Admission::Ticket{};  // before the answer leaves: the next attempt must find the place free
            if (!outcome) return reply(tl::unexpected(std::move(outcome.error())));
            if (outcome->code_refused) return reply(AdminCodeIssued{false, outcome->retry_after_seconds, {}, {}});
            if (outcome->result != ChangeResult::Done) return reply(refuse(error_of(outcome->result)));
            reply(AdminCodeIssued{true, 0, std::move(issue->shown), issue->act.issue.expires_at});
        });
}

Answer<AuditView> Administrators::audit(const SessionCaller& caller, std::optional<std::int64_t> after) {
    if (auto may = require_scope(caller, {kScopeAudit}); !may) return tl::unexpected(may.error());
    auto page = with_.store.find_audit_page(after, kAuditRecords);
    if (!page) return tl::unexpected(std::move(page.error()));
    AuditView view;
    view.realm = caller.realm;
    view.rows = std::move(page->rows);
    std::erase_if(view.rows, [&](const AuditRow& row) { return !row.number && row.realm != caller.realm; });
    const auto key = audit_public_key(with_.keys.audit());
    if (!key) return refuse(ServerErrorCode::ServerUnavailable);
    view.key = hexadecimal(*key);
    if (page->checkpoint) {
        auto line = line_of(*page->checkpoint);
        if (!line) return tl::unexpected(std::move(line.error()));
        view.checkpoint = std::move(*line);
    }
    return view;
}

}  // namespace countersign::server
