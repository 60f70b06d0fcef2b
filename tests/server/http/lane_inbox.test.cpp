// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "../app/stage.h"
#include "http/lane_inbox.h"

// How the writer's answers come to the threads that send them.

using namespace countersign;
using namespace countersign::server;

namespace {

using Items = std::vector<std::unique_ptr<Inbox::Item>>;

/// Tells when it is opened, when what it began there goes on, and when it is gone.
class Told final : public Inbox::Item {
  public:
    Told(boost::asio::io_context& context, std::vector<std::string>& diary, std::string name, bool fails = false)
        : context_(context), diary_(diary), name_(std::move(name)), fails_(fails) {}
    ~Told() override { diary_.push_back(name_ + " gone"); }
    void open() override {
        if (fails_) throw std::runtime_error("no memory");
        diary_.push_back(name_ + " open");
        boost::asio::post(context_, [&diary = diary_, name = name_] { diary.push_back(name + " answered"); });
    }

  private:
    boost::asio::io_context& context_;
    std::vector<std::string>& diary_;
    std::string name_;
    bool fails_;
};

Items of(std::unique_ptr<Inbox::Item> one, std::unique_ptr<Inbox::Item> other) {
    Items items;
    items.push_back(std::move(one));
    items.push_back(std::move(other));
    return items;
}

/// Keeps what is put there until the test opens it.
class Held final : public Inbox {
  public:
    void put(Items items) override {
        const std::lock_guard lock(mutex_);
        for (auto& item : items) items_.push_back(std::move(item));
        came_.notify_all();
    }
    Items take(std::size_t count) {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return items_.size() >= count; });
        return std::exchange(items_, {});
    }

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    Items items_;
};

}  // namespace

TEST_CASE("an inbox that is closed drops what is there and what still comes, unopened and at once") {
    boost::asio::io_context context;
    std::vector<std::string> diary;
    LaneInbox inbox(context);
    inbox.put(of(std::make_unique<Told>(context, diary, "first"), std::make_unique<Told>(context, diary, "second")));
    inbox.close();
    CHECK(diary == std::vector<std::string>{"first gone", "second gone"});
    inbox.put(of(std::make_unique<Told>(context, diary, "third"), std::make_unique<Told>(context, diary, "fourth")));
    CHECK(diary.size() == 4);
    context.run();
    CHECK(diary == std::vector<std::string>{"first gone", "second gone", "third gone", "fourth gone"});
}

TEST_CASE("what a lane is brought is opened in order, and is gone before its answer leaves [R20]") {
    boost::asio::io_context context{1};
    LaneInbox inbox(context);
    std::vector<std::string> diary;
    inbox.put(of(std::make_unique<Told>(context, diary, "a"), std::make_unique<Told>(context, diary, "b")));
    CHECK(diary.empty());  // not by the thread that brings it
    context.run();
    CHECK(diary == std::vector<std::string>{"a open", "a gone", "b open", "b gone", "a answered", "b answered"});
}

TEST_CASE("a lane is woken once for all that it is brought, and again for what comes after") {
    boost::asio::io_context context{1};
    LaneInbox inbox(context);
    std::vector<std::string> diary;
    inbox.put(of(std::make_unique<Told>(context, diary, "a"), std::make_unique<Told>(context, diary, "b")));
    inbox.put(of(std::make_unique<Told>(context, diary, "c"), std::make_unique<Told>(context, diary, "d")));
    CHECK(context.run_one() == 1);
    CHECK(diary.size() == 8);
    inbox.put(of(std::make_unique<Told>(context, diary, "e"), std::make_unique<Told>(context, diary, "f")));
    context.run();
    CHECK(diary.back() == "f answered");
}

TEST_CASE("an answer that cannot be formed costs its neighbors nothing [R10]") {
    boost::asio::io_context context{1};
    LaneInbox inbox(context);
    std::vector<std::string> diary;
    inbox.put(of(std::make_unique<Told>(context, diary, "a", true), std::make_unique<Told>(context, diary, "b")));
    context.run();
    CHECK(diary == std::vector<std::string>{"a gone", "b open", "b gone", "b answered"});
}

TEST_CASE("what a thread with an inbox has asked is on disk before it comes there, and is answered when it is opened [R8 R10]") {
    Stage stage;
    const Enrolled ann = stage.enroll("ann");
    stage.clock->pass(90);
    Held inbox;
    std::vector<bool> told;
    {
        const Inbox::Seat seat(inbox);
        stage.service->verify(stage.caller, {"ann", "totp", Secret(std::string_view(stage.code(ann.seed)))},
                              [&](Answer<VerifyAnswer> answer) { told.push_back(answer && answer->ok); });
    }
    Items items = inbox.take(1);
    CHECK(told.empty());
    SQLite::Database outside(stage.database());
    CHECK(outside.execAndGet("SELECT successes FROM credential WHERE user = 'ann'").getInt64() == 1);
    for (auto& item : items) item->open();
    CHECK(told == std::vector<bool>{true});
}
