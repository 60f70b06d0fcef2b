// SPDX-License-Identifier: Apache-2.0
#include "guessing_machine.h"

#include <algorithm>

using countersign::SecondFactorPolicy;

namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kWindow = 2592000;

/// What the mail limits allow: how many in the last minute, hour, day are looked up, one by one.
class Mails {
  public:
    explicit Mails(const SecondFactorPolicy& policy) : policy_(policy) {}

    [[nodiscard]] bool code_at(std::int64_t now) const {
        return !sent_.empty() && now - sent_.back() < policy_.email_life_seconds && tries_ < policy_.email_tries;
    }
    [[nodiscard]] bool may_send(std::int64_t now) const {
        if (!sent_.empty() && now - sent_.back() < policy_.email_gap_seconds) return false;
        return within(now, 3600) < policy_.email_sends_per_hour && within(now, kDay) < policy_.email_sends_per_day;
    }
    void send(std::int64_t now) {
        sent_.push_back(now);
        tries_ = 0;
    }
    void guess() { ++tries_; }

  private:
    [[nodiscard]] std::int64_t within(std::int64_t now, std::int64_t seconds) const {
        const auto old = [&](std::int64_t at) { return now - at >= seconds; };
        return std::find_if(sent_.rbegin(), sent_.rend(), old) - sent_.rbegin();
    }

    const SecondFactorPolicy& policy_;
    std::vector<std::int64_t> sent_;
    int tries_ = 0;
};

}  // namespace

// SET failures = failures + 1, not_before = CASE WHEN failures < 4 THEN not_before
//   ELSE :now + min(3600, 30 << min(failures - 4, 7)) END, window_start = ...,
//   status = CASE WHEN failures >= 99 OR (:now - window_start < 2592000 AND window_failures >= 99) ...
void CredentialRow::fail(std::int64_t now) {
    const std::int64_t before = failures_;
    ++failures_;
    if (before >= policy_->pause_from_failure - 1) {
        const auto doublings = std::min<std::int64_t>(before - (policy_->pause_from_failure - 1), 20);
        not_before = now + std::min<std::int64_t>(policy_->pause_cap_seconds,
                                                  std::int64_t{policy_->pause_start_seconds} << doublings);
    }
    const bool same_window = now - window_start < kWindow && window_failures > 0;
    if (before >= 99 || (same_window && window_failures >= policy_->window_cap - 1)) active_ = false;
    window_failures = same_window ? window_failures + 1 : 1;
    window_start = same_window ? window_start : now;
}

// Second by second where something can happen: the clock moves on only when neither the guesser nor the owner
// can do anything at this one.
std::int64_t run_attack(const SecondFactorPolicy& policy, const Attack& attack,
                        const std::function<bool(std::int64_t)>& is_right) {
    CredentialRow row(policy);
    Mails mails(policy);
    std::int64_t guesses = 0;
    std::int64_t sign_in_due = kDay;
    for (std::int64_t now = 0; now < attack.seconds;) {
        if (attack.owner_signs_in && now >= sign_in_due && row.open_at(now)) {
            row.match();
            sign_in_due = (now / kDay + 1) * kDay;
        }
        if (!row.open_at(now)) {
            now = row.not_before;
            continue;
        }
        if (attack.patient && row.failures() == 99) {
            if (!attack.owner_signs_in) return guesses;  // one more would disable, now and for ever
            now = sign_in_due;
            continue;
        }
        const bool rests = attack.patient && row.window_failures == policy.window_cap - 1 &&
                           now - row.window_start < kWindow;
        if (rests || (attack.mailed && !mails.code_at(now) && !mails.may_send(now))) {
            const std::int64_t wake = rests ? row.window_start + kWindow : now + 10;  // all limits are tens of seconds
            now = attack.owner_signs_in ? std::min(wake, sign_in_due > now ? sign_in_due : wake) : wake;
            continue;
        }
        if (attack.mailed && !mails.code_at(now)) mails.send(now);
        mails.guess();
        ++guesses;
        if (is_right(now)) return guesses;
        row.fail(now);
        if (!row.active()) row = CredentialRow(policy);  // configured anew at once
    }
    return guesses;
}
