// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/admission.h"
#include "app/code_attempt.h"
#include "app/keys.h"
#include "app/log.h"
#include "app/policies.h"
#include "app/service.h"
#include "app/store.h"
#include "app/stretch_allowance.h"
#include "app/stretch_pool.h"

namespace countersign::server {

/// The use cases of security codes (A6 to A9, U9), on what a service has. All of it outlives this.
class SecurityCodes {
  public:
    struct Workshop {
        const Keys& keys;
        Store& store;
        Admission& admission;
        Log& log;
        PolicyForm form;
        std::function<Answer<UnixSeconds>()> time_for_codes;
    };
    explicit SecurityCodes(Workshop workshop);

    [[nodiscard]] Answer<PolicyInForce> policy_of(const std::string& realm);
    /// A policy that was read already. Errors: `server.unavailable`, with a line in the log.
    [[nodiscard]] Answer<PolicyInForce> read_policy(const std::string& realm, const PolicyRecord& record);
    /// The user's salt, for ever, whether anybody has heard of him or not (R21). Errors: `server.unavailable`.
    [[nodiscard]] Answer<Secret> salt_of(const std::string& realm, const std::string& user) const;
    /// The one way of a security code to the deciding statement.
    void try_code(CodeAttempt attempt, Reply<LoginDecision> reply);
    void replace(const SessionCaller& caller, const std::vector<Secret>& stretched, Reply<CodeSet> reply);
    /// The static codes of a user; nothing when he has none and the policy allows none.
    [[nodiscard]] Answer<std::optional<MethodState>> state_of(const std::string& realm, const std::string& user,
                                                              UnixSeconds now);
    /// Where other secrets are stretched, too.
    [[nodiscard]] StretchPool& pool() noexcept { return pool_; }
    /// Finishes what is being stretched.
    void stop() { pool_.stop(); }

  private:
    void decide(SecurityCodeAttempt attempt, const JudgePurpose& judge, int tries, Reply<LoginDecision> reply);
    void change_set(CodeSetChange change, int tries, Reply<CodeSet> reply);
    /// The set that is in force already.
    void tell_set(const CodeSetChange& change, const Reply<CodeSet>& reply);
    [[nodiscard]] Answer<Digest> digest_of(const std::string& realm, const std::string& user,
                                           SecretView stretched) const;

    Workshop with_;
    // What the last document says: the words themselves are compared, so that nothing is taken from a cache that
    // could be behind the store (R18). It starts as version 0, which has no words.
    std::mutex last_read_mutex_;
    std::string last_document_;
    PolicyInForce last_read_;

    StretchAllowance allowance_;
    StretchPool pool_;
};

}  // namespace countersign::server
