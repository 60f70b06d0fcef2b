// SPDX-License-Identifier: Apache-2.0
#include "guess_pace.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace countersign {
namespace {

constexpr std::int64_t kNever = INT64_MAX;

/// How many failures in a row a guesser makes at one credential.
constexpr std::int64_t most_in_a_row(Guesser guesser) noexcept {
    return guesser == Guesser::Patient ? kMostInARow - 1 : kMostInARow;
}

/// The tumbling count of 30 days.
class FailureWindow {
  public:
    FailureWindow(std::int64_t cap, Guesser guesser) noexcept
        : limit_(guesser == Guesser::Patient ? cap - 1 : cap) {}

    /// A failure at this time begins a new window when the old one is over.
    void open(std::int64_t time) noexcept {
        if (count_ > 0 && time - start_ < kFailureWindowSeconds) return;
        start_ = time;
        count_ = 0;
    }

    void add(std::int64_t failures) noexcept { count_ += failures; }
    void reconfigure() noexcept { count_ = 0; }

    [[nodiscard]] std::int64_t left() const noexcept { return limit_ - count_; }
    [[nodiscard]] std::int64_t end() const noexcept { return start_ + kFailureWindowSeconds; }

  private:
    std::int64_t limit_;
    std::int64_t start_ = 0;
    std::int64_t count_ = 0;
};

/// The owner's next sign-in: once in each 24 hours, by the clock.
class SignIns {
  public:
    explicit SignIns(OwnerSignsIn owner) noexcept : next_(owner == OwnerSignsIn::Daily ? kSecondsPerDay : kNever) {}
    [[nodiscard]] std::int64_t next() const noexcept { return next_; }
    void done_at(std::int64_t time) noexcept { next_ = (time / kSecondsPerDay + 1) * kSecondsPerDay; }

  private:
    std::int64_t next_;
};

/// Mails to one address, and the guesses that the last one still allows.
class Mailbox {
  public:
    explicit Mailbox(const SecondFactorPolicy& policy) noexcept : policy_(policy) {}

    /// The first moment from `time` on at which a code can be guessed at; sends one if need be, which nobody
    /// asks for before the pause is over.
    std::int64_t ready_at(std::int64_t time) {
        if (tries_left_ > 0 && time < sent_.back() + policy_.email_life_seconds) return time;
        time = std::max({time, after(1, policy_.email_gap_seconds), after(policy_.email_sends_per_hour, 3600),
                         after(policy_.email_sends_per_day, kSecondsPerDay)});
        sent_.push_back(time);
        tries_left_ = policy_.email_tries;
        return time;
    }

    void guess() noexcept { --tries_left_; }

  private:
    /// When the mail before the last `count` is this old.
    [[nodiscard]] std::int64_t after(int count, std::int64_t seconds) const noexcept {
        const auto at = static_cast<std::size_t>(count);
        return sent_.size() < at ? 0 : sent_[sent_.size() - at] + seconds;
    }

    const SecondFactorPolicy& policy_;
    std::vector<std::int64_t> sent_;
    int tries_left_ = 0;
};

}  // namespace

std::int64_t PauseLadder::time_of(std::int64_t n) const noexcept {
    std::int64_t time = 0;
    std::int64_t pause = start;
    std::int64_t steps = n - from_failure;
    for (; steps > 0 && pause < cap; --steps) {
        time += pause;
        pause *= 2;
    }
    return time + (steps > 0 ? steps * cap : 0);
}

std::int64_t PauseLadder::count_before(std::int64_t seconds) const noexcept {
    if (seconds <= 0) return 0;
    std::int64_t count = from_failure;
    std::int64_t pause = start;
    for (; pause < cap; pause *= 2) {
        seconds -= pause;
        if (seconds <= 0) return count;
        ++count;
    }
    return count + (seconds - 1) / cap;
}

PauseLadder ladder_of(const SecondFactorPolicy& policy) noexcept {
    return {policy.pause_from_failure, policy.pause_start_seconds, policy.pause_cap_seconds};
}

// A run goes from one success, or one configuration, to the next: guess n of it comes at start + time_of(n).
std::int64_t guesses_before(const SecondFactorPolicy& policy, OwnerSignsIn owner, Guesser guesser,
                            std::int64_t seconds) noexcept {
    const PauseLadder ladder = ladder_of(policy);
    const std::int64_t most = most_in_a_row(guesser);
    FailureWindow window(policy.window_cap, guesser);
    SignIns sign_ins(owner);
    std::int64_t total = 0;
    std::int64_t start = 0;
    std::int64_t done = 0;  // guesses of this run
    for (;;) {
        const std::int64_t next = start + ladder.time_of(done + 1);
        if (next >= seconds) return total;
        if (next >= sign_ins.next()) {  // the owner gets in where the pause ends, and first
            start = next;
            done = 0;
            sign_ins.done_at(next);
            continue;
        }
        window.open(next);
        const std::int64_t bound = std::min({seconds, sign_ins.next(), window.end()});
        const std::int64_t count = std::min({ladder.count_before(bound - start) - done, window.left(), most - done});
        total += count;
        done += count;
        window.add(count);
        if (window.left() > 0 && done < most) continue;
        if (guesser == Guesser::FullPace) {
            start += ladder.time_of(done);
            done = 0;
            window.reconfigure();
            continue;
        }
        std::int64_t resume = start + ladder.time_of(done + 1);
        if (window.left() == 0) resume = std::max(resume, window.end());
        if (done == most) resume = std::max(resume, sign_ins.next());
        if (resume == kNever) return total;
        if (resume >= sign_ins.next()) {
            start = resume;
            done = 0;
            sign_ins.done_at(resume);
        } else {
            start = resume - ladder.time_of(done + 1);
        }
    }
}

std::int64_t email_guesses_before(const SecondFactorPolicy& policy, OwnerSignsIn owner, Guesser guesser,
                                  std::int64_t seconds) {
    const PauseLadder ladder = ladder_of(policy);
    const std::int64_t most = most_in_a_row(guesser);
    FailureWindow window(policy.window_cap, guesser);
    SignIns sign_ins(owner);
    Mailbox mailbox(policy);
    std::int64_t total = 0;
    std::int64_t failures = 0;
    std::int64_t open_at = 0;  // when the pause ends
    for (;;) {
        if (open_at >= sign_ins.next()) {
            failures = 0;
            sign_ins.done_at(open_at);
        }
        const std::int64_t time = mailbox.ready_at(open_at);
        if (time >= seconds) return total;
        if (time >= sign_ins.next()) {  // while the guesser waits for a mail
            failures = 0;
            sign_ins.done_at(time);
        }
        window.open(time);
        window.add(1);
        mailbox.guess();
        ++total;
        ++failures;
        open_at = time + ladder.time_of(failures + 1) - ladder.time_of(failures);
        if (window.left() > 0 && failures < most) continue;
        if (guesser == Guesser::FullPace) {
            failures = 0;
            open_at = time;
            window.reconfigure();
            continue;
        }
        if (window.left() == 0) open_at = std::max(open_at, window.end());
        if (failures == most) open_at = std::max(open_at, sign_ins.next());
        if (open_at == kNever) return total;
    }
}

double chance_of_changing(double space, double good, double guesses) noexcept {
    return -std::expm1(guesses * good * std::log1p(-1 / space));
}

double chance_of_fixed(double space, double good, double guesses) noexcept {
    return std::min(1.0, guesses * good / space);
}

}  // namespace countersign
