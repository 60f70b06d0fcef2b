// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include <algorithm>
#include <exception>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "app/refusal.h"
#include "store/rows.h"

namespace countersign::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kSweepInterval = 60s;
/// While a sweep leaves expired rows behind: they must go faster than requests can make them.
constexpr auto kCatchUpInterval = 100ms;
/// After a failed commit nobody may be sent here any more, so the writer has to find out by itself.
constexpr auto kRecoveryInterval = 2s;

ServerError unavailable() { return {ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds}; }

/// The transaction is gone, and with it every job's work.
struct BatchLost : std::exception {
    [[nodiscard]] const char* what() const noexcept override { return "SQLite ended the transaction"; }
};

struct Parcel {
    Inbox* to;
    std::vector<std::unique_ptr<Inbox::Item>> items;
};

/// To whoever waits for them. What nobody's thread takes is answered here and now.
void deliver(Batch batch) {
    std::vector<Parcel> post;
    for (std::unique_ptr<Job>& job : batch) {
        Inbox* const inbox = job->inbox();
        if (inbox == nullptr) {
            job->open();
            job.reset();
            continue;
        }
        auto place = std::ranges::find(post, inbox, &Parcel::to);
        if (place == post.end()) place = post.emplace(post.end(), Parcel{.to = inbox, .items = {}});
        place->items.push_back(std::move(job));
    }
    for (Parcel& parcel : post) parcel.to->put(std::move(parcel.items));
}

std::string exclusive_key(const Job& job) {
    return job.realm() + '\0' + job.exclusive() + '\0' + job.user();  // NUL stands in none of them
}

}  // namespace

Writer::Writer(std::unique_ptr<Database> database, CommitClock& clock, Meter& meter)
    : database_(std::move(database)),
      checkpointer_(*database_),
      clock_(clock),
      meter_(meter),
      next_sweep_(std::chrono::steady_clock::now()),
      thread_([this] { loop(); }) {}

Writer::~Writer() { stop(); }

void Writer::submit(std::unique_ptr<Job> job) {
    std::unique_lock lock(mutex_);
    if (stopping_ || queue_.size() >= kLongestQueue) {
        lock.unlock();
        job->fail_with(unavailable());
        return job->open();
    }
    queue_.push_back(std::move(job));
    lock.unlock();
    gathered_.notify_one();
}

void Writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    gathered_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::size_t Writer::queue_length() {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

void Writer::loop() {
    for (;;) {
        Batch batch = gather();
        const bool idle = batch.empty();
        if (!idle) carry_out(std::move(batch));
        checkpointer_.tend();
        if (idle || std::chrono::steady_clock::now() >= next_sweep_) keep_house();
        const std::lock_guard lock(mutex_);
        if (stopping_ && queue_.empty()) return;
    }
}

/// Takes what is there, in order, but of one user and method only the first attempt (R9b). Empty when it is
/// time to keep house or to stop.
Batch Writer::gather() {
    std::unique_lock lock(mutex_);
    const auto recovery = std::chrono::steady_clock::now() + kRecoveryInterval;
    gathered_.wait_until(lock, healthy() ? next_sweep_ : recovery, [&] { return stopping_ || !queue_.empty(); });
    Batch batch;
    std::unordered_set<std::string> taken;
    std::deque<std::unique_ptr<Job>> left;
    while (!queue_.empty() && batch.size() < kLargestBatch) {
        std::unique_ptr<Job> job = std::move(queue_.front());
        queue_.pop_front();
        const bool waits = !job->exclusive().empty() && !taken.insert(exclusive_key(*job)).second;
        if (waits) left.push_back(std::move(job));
        else batch.push_back(std::move(job));
    }
    while (!left.empty()) {
        queue_.push_front(std::move(left.back()));
        left.pop_back();
    }
    return batch;
}

/// Batches lock in the order of (realm, user), as backends with row locks must (R10).
void Writer::carry_out(Batch batch) {
    std::ranges::stable_sort(batch, [](const std::unique_ptr<Job>& a, const std::unique_ptr<Job>& b) {
        return std::tie(a->realm(), a->user()) < std::tie(b->realm(), b->user());
    });
    Committed committed = commit(batch);
    if (committed == Committed::Yes) return deliver(std::move(batch));
    for (std::unique_ptr<Job>& job : batch) {  // one by one, once: a neighbor must not cost anybody the answer
        Batch alone;
        alone.push_back(std::move(job));
        if (committed != Committed::NotBegun) committed = commit(alone);
        if (committed != Committed::Yes) alone.front()->fail_with(unavailable());
        deliver(std::move(alone));
    }
}

Writer::Committed Writer::commit(const Batch& batch) {
    bool begun = false;
    const auto since = std::chrono::steady_clock::now();
    try {
        WriteTransaction transaction(*database_);
        begun = true;
        const StoreState state = touch_state();
        for (const std::unique_ptr<Job>& job : batch) run_one(*job, state);
        transaction.commit();
        clock_.observe(state);
    } catch (const std::exception&) {
        healthy_ = false;
        meter_.failed_commit();
        return begun ? Committed::No : Committed::NotBegun;
    }
    healthy_ = true;
    if (!batch.empty()) meter_.commit(batch.size(), std::chrono::steady_clock::now() - since);
    return Committed::Yes;
}

/// Every batch writes the state row, so that an answer which changed nothing waits for the same disk as one
/// that did (R14), and the high-water mark is never behind what was decided (R16). A mark from before an
/// operator's confirmation, which may have set it back, is not written.
StoreState Writer::touch_state() {
    const CommitClock::Mark mark = clock_.mark();
    Query query(database_->prepared(
        "UPDATE state SET commits = commits + 1, "
        "high_water = CASE WHEN clock_confirms = :seen THEN max(high_water, :now) ELSE high_water END "
        "RETURNING epoch, floor_time, high_water, clock_confirms"));
    query.bind(":seen", mark.confirms_seen).bind(":now", mark.now.value);
    if (!query.step()) throw SQLite::Exception("the state row is missing");
    const StoreState state{query.integer(0), UnixSeconds{query.integer(1)}, UnixSeconds{query.integer(2)},
                           query.integer(3)};
    while (query.step()) {
    }
    return state;
}

void Writer::run_one(Job& job, const StoreState& state) {
    job.forget_failure();
    if (run_in_savepoint(job, state, CountOnly::No)) return;
    job.fail_with(unavailable());
    // The attempt was made: its count stands even when what goes with it could not be written.
    static_cast<void>(run_in_savepoint(job, state, CountOnly::Yes));
}

/// False when the job threw and its work alone was undone. Throws BatchLost when all is gone.
bool Writer::run_in_savepoint(Job& job, const StoreState& state, CountOnly only) {
    try {
        Query(database_->prepared("SAVEPOINT request")).run();
        if (only == CountOnly::No) job.run(*database_, state);
        else job.count(*database_, state);
        Query(database_->prepared("RELEASE request")).run();
        return true;
    } catch (const std::exception&) {
        if (database_->autocommit()) throw BatchLost();
        Query(database_->prepared("ROLLBACK TO request")).run();
        Query(database_->prepared("RELEASE request")).run();
        return false;
    }
}

void Writer::keep_house() {
    Batch nothing;
    static_cast<void>(commit(nothing));  // the high-water mark moves on, and a mended disk is noticed
    if (!healthy() || std::chrono::steady_clock::now() < next_sweep_) return;
    next_sweep_ = std::chrono::steady_clock::now() + kSweepInterval;
    try {
        WriteTransaction transaction(*database_);
        const bool more = sweep_expired(*database_, clock_.mark().now);
        transaction.commit();
        if (more) next_sweep_ = std::chrono::steady_clock::now() + kCatchUpInterval;
    } catch (const std::exception&) {
        healthy_ = false;
    }
}

}  // namespace countersign::server
