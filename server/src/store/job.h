// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "app/error.h"
#include "app/inbox.h"
#include "app/store.h"
#include "store/counting.h"
#include "store/database.h"

namespace countersign::server {

/// One request on its way through the writer. Run inside its own savepoint, possibly twice (R10); answered
/// once, after the commit, by the thread that asked if it has an inbox, else by the writer's.
class Job : public Inbox::Item {
  public:
    Job(std::string realm, std::string user, std::string exclusive)
        : realm_(std::move(realm)), user_(std::move(user)), exclusive_(std::move(exclusive)) {}

    [[nodiscard]] Inbox* inbox() const noexcept { return inbox_; }
    [[nodiscard]] const std::string& realm() const noexcept { return realm_; }
    [[nodiscard]] const std::string& user() const noexcept { return user_; }
    /// Method of a code attempt, of which a batch takes one a user (R9b); empty for other writes.
    [[nodiscard]] const std::string& exclusive() const noexcept { return exclusive_; }

    /// Does the work; may throw. The outcome of an earlier run is forgotten.
    virtual void run(Database& database, const StoreState& state) = 0;
    /// After `run` was rolled back: only what R9 counts. May throw.
    virtual void count(Database& database, const StoreState& state) = 0;
    /// Instead of what it would have answered.
    void fail_with(ServerError error) { failure_ = std::move(error); }
    void forget_failure() noexcept { failure_.reset(); }
    /// After a commit that holds this job's work, or when there will be none.
    void open() final {
        if (failure_) say_no(*failure_);
        else answer();
    }

  private:
    virtual void answer() = 0;
    virtual void say_no(const ServerError& error) = 0;

    std::string realm_;
    std::string user_;
    std::string exclusive_;
    Inbox* inbox_ = Inbox::of_this_thread();
    std::optional<ServerError> failure_;
};

/// @tparam Work  `Result(Database&, const StoreState&, CountOnly)`
template <class Result, class Work>
class TypedJob final : public Job {
  public:
    TypedJob(std::string realm, std::string user, std::string exclusive, Work work, Reply<Result> reply)
        : Job(std::move(realm), std::move(user), std::move(exclusive)),
          work_(std::move(work)),
          reply_(std::move(reply)) {}

    void run(Database& database, const StoreState& state) override {
        result_.reset();
        result_.emplace(work_(database, state, CountOnly::No));
    }
    void count(Database& database, const StoreState& state) override {
        if (!exclusive().empty()) static_cast<void>(work_(database, state, CountOnly::Yes));
    }

  private:
    void answer() override { reply_(std::move(*result_)); }
    void say_no(const ServerError& error) override { reply_(tl::unexpected(error)); }

    Work work_;
    Reply<Result> reply_;
    std::optional<Result> result_;
};

}  // namespace countersign::server
