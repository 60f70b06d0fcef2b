// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <functional>
#include <future>

#include "store/schema.h"
#include "store/writer.h"
#include "temporary_directory.h"

// The writer by itself, with jobs that say which transaction they ran in.

using namespace countersign;
using namespace countersign::server;

namespace {

class StandingClock final : public CommitClock {
  public:
    explicit StandingClock(Mark mark) : mark_(mark) {}
    [[nodiscard]] Mark mark() override { return mark_; }
    void observe(const StoreState&) override {}

  private:
    Mark mark_;
};

std::int64_t number(Database& database, Sql sql) {
    Query query(database.prepared(sql));
    return query.step() ? query.integer(0) : -1;  // no assertion: this also runs on the writer's thread
}

class Harness {
  public:
    explicit Harness(CommitClock::Mark mark = {UnixSeconds{1000}, 0}) : clock(mark) {
        auto database = open();
        REQUIRE(migrate(*database));
        writer = std::make_unique<Writer>(std::move(database), clock);
    }
    [[nodiscard]] std::unique_ptr<Database> open() const {
        return std::make_unique<Database>(directory.file("countersign.sqlite"), Role::Writer);
    }

    /// A job that answers with the number of the transaction it ran in, after doing `inside` there.
    std::future<std::int64_t> submit(const std::string& user, const std::string& exclusive,
                                     std::function<void()> inside = [] {}) {
        auto promise = std::make_shared<std::promise<std::int64_t>>();
        auto future = promise->get_future();
        const auto work = [inside = std::move(inside)](Database& database, const StoreState&, CountOnly) {
            inside();
            return number(database, "SELECT commits FROM state");
        };
        writer->submit(std::make_unique<TypedJob<std::int64_t, decltype(work)>>(
            "default", user, exclusive, work,
            [promise](const Answer<std::int64_t>& answer) { promise->set_value(answer.value_or(-1)); }));
        return future;
    }

    TemporaryDirectory directory;
    StandingClock clock;
    std::unique_ptr<Writer> writer;
};

}  // namespace

TEST_CASE("a batch takes what has gathered, but one attempt of a user and method [R9b] [R10]") {
    Harness harness;
    std::promise<void> begun;
    std::promise<void> gate;
    auto first = harness.submit("first", "", [&] {  // holds the writer while the rest gather
        begun.set_value();
        gate.get_future().wait();
    });
    begun.get_future().wait();
    auto ann = harness.submit("ann", "totp");
    auto again = harness.submit("ann", "totp");
    auto other_method = harness.submit("ann", "email");
    auto other_write = harness.submit("ann", "");
    auto bob = harness.submit("bob", "totp");
    gate.set_value();
    CHECK(first.get() >= 1);
    const std::int64_t batch = bob.get();
    CHECK(ann.get() == batch);
    CHECK(other_method.get() == batch);
    CHECK(other_write.get() == batch);
    CHECK(again.get() > batch);
}

TEST_CASE("a mark from before an operator's confirmation is not written [R16] [R18]") {
    Harness harness({UnixSeconds{5000}, 0});
    CHECK(harness.submit("ann", "").get() > 0);
    auto outside = harness.open();
    CHECK(number(*outside, "SELECT high_water FROM state") == 5000);
    outside->execute("UPDATE state SET high_water = 1000, clock_confirms = 1");
    CHECK(harness.submit("ann", "").get() > 0);
    CHECK(number(*outside, "SELECT high_water FROM state") == 1000);
}

TEST_CASE("a writer that has stopped refuses what comes later [R10]") {
    Harness harness;
    harness.writer->stop();
    CHECK(harness.submit("ann", "").get() == -1);
}
