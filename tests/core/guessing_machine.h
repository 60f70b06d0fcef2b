// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "countersign/second_factor_policy.h"

// The server's counting statement (server/src/store/decide.cpp), row by row, and somebody who guesses at it
// one guess at a time with a real draw of every code. It shares nothing with what it checks.

/// The columns of a credential's row that a failure changes, and the statement that changes them.
class CredentialRow {
  public:
    explicit CredentialRow(const countersign::SecondFactorPolicy& policy) : policy_(&policy) {}

    [[nodiscard]] bool open_at(std::int64_t now) const { return active_ && not_before <= now; }
    [[nodiscard]] bool active() const { return active_; }
    void fail(std::int64_t now);
    void match() { failures_ = 0; }
    [[nodiscard]] std::int64_t failures() const { return failures_; }

    std::int64_t not_before = 0;
    std::int64_t window_failures = 0;
    std::int64_t window_start = 0;

  private:
    const countersign::SecondFactorPolicy* policy_;
    std::int64_t failures_ = 0;
    bool active_ = true;
};

struct Attack {
    bool owner_signs_in = true;  ///< once a day with this method
    bool patient = false;        ///< stops one failure short of the cap
    bool mailed = false;         ///< each code has to be sent first
    std::int64_t seconds = 0;
};

/// Runs an attack on one user.
/// @param is_right  draws whether this guess is right; stops the attack when it says so
/// @return the number of guesses made
std::int64_t run_attack(const countersign::SecondFactorPolicy& policy, const Attack& attack,
                        const std::function<bool(std::int64_t now)>& is_right);
