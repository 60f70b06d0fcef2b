// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "app/error.h"
#include "app/store.h"
#include "store/counting.h"
#include "store/database.h"

namespace countersign::server {

/// One request on its way through the writer. Run inside its own savepoint, possibly twice (R10); answered
/// once, after the commit.
class Job {
  public:
    Job(std::string realm, std::string user, std::string exclusive)
        : realm_(std::move(realm)), user_(std::move(user)), exclusive_(std::move(exclusive)) {}
    virtual ~Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    [[nodiscard]] const std::string& realm() const noexcept { return realm_; }
    [[nodiscard]] const std::string& user() const noexcept { return user_; }
    /// Method of a code attempt, of which a batch takes one a user (R9b); empty for other writes.
    [[nodiscard]] const std::string& exclusive() const noexcept { return exclusive_; }

    /// Does the work; may throw. The outcome of an earlier run is forgotten.
    virtual void run(Database& database, const StoreState& state) = 0;
    /// After `run` was rolled back: only what R9 counts. May throw.
    virtual void count(Database& database, const StoreState& state) = 0;
    /// After a commit that holds this job's work.
    virtual void answer() = 0;
    virtual void fail(const ServerError& error) = 0;

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    void set_failed(bool failed) noexcept { failed_ = failed; }

  private:
    std::string realm_;
    std::string user_;
    std::string exclusive_;
    bool failed_ = false;
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
    void answer() override { reply_(std::move(*result_)); }
    void fail(const ServerError& error) override { reply_(tl::unexpected(error)); }

  private:
    Work work_;
    Reply<Result> reply_;
    std::optional<Result> result_;
};

}  // namespace countersign::server
