// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <atomic>

#include "stage.h"

// Neighbors in a batch (R10). The store is made to fail for one user by a trigger.

using namespace countersign;
using namespace countersign::server;

namespace {

/// What happens to one user's row when it is written.
void poison(Stage& stage, const std::string& user, const std::string& how) {
    stage.change("CREATE TRIGGER poison BEFORE UPDATE ON credential WHEN NEW.user = '" + user + "' BEGIN SELECT RAISE(" +
                 how + ", 'poisoned'); END");
}

/// All verified at once, held up first so that they share a batch; what each was told, in order.
std::vector<Answer<VerifyAnswer>> verify_together(Stage& stage,
                                                  const std::vector<std::pair<std::string, std::string>>& asked) {
    SQLite::Database other(stage.database(), SQLite::OPEN_READWRITE, 1000);
    other.exec("BEGIN IMMEDIATE");
    // One more attempt goes first and takes the batch that is held up; the rest gather behind it.
    std::vector<std::pair<std::string, std::string>> all{{"first", "123456"}};
    all.insert(all.end(), asked.begin(), asked.end());
    std::vector<std::future<Answer<VerifyAnswer>>> futures;
    for (const auto& [user, code] : all) {
        auto promise = std::make_shared<std::promise<Answer<VerifyAnswer>>>();
        futures.push_back(promise->get_future());
        stage.service->verify(stage.caller, {user, "totp", Secret(std::string_view(code))},
                              [promise](Answer<VerifyAnswer> answer) { promise->set_value(std::move(answer)); });
    }
    other.exec("ROLLBACK");
    std::vector<Answer<VerifyAnswer>> answers;
    for (auto& future : futures) answers.push_back(future.get());
    answers.erase(answers.begin());
    return answers;
}

struct Three {
    explicit Three(Stage& stage) : ann(stage.enroll("ann")), bob(stage.enroll("bob")), cyd(stage.enroll("cyd")) {
        stage.clock->pass(90);
    }
    Enrolled ann;
    Enrolled bob;
    Enrolled cyd;
};

}  // namespace

TEST_CASE("a request that fails in its savepoint costs its neighbors nothing [R10]") {
    Stage stage;
    const Three three(stage);
    poison(stage, "bob", "ABORT");
    const auto answers = verify_together(stage, {{"ann", stage.code(three.ann.seed)},
                                                 {"bob", stage.code(three.bob.seed)},
                                                 {"cyd", stage.code(three.cyd.seed)}});
    CHECK(answers[0].value().ok);
    REQUIRE_FALSE(answers[1]);
    CHECK(answers[1].error().code == ServerErrorCode::ServerUnavailable);
    CHECK(answers[2].value().ok);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE successes = 1") == 2);
    stage.change("DROP TRIGGER poison");
    CHECK(stage.verify("bob", stage.code(three.bob.seed)).value().ok);
}

TEST_CASE("when SQLite ends the transaction the batch is done again one by one [R10]") {
    Stage stage;
    const Three three(stage);
    poison(stage, "bob", "ROLLBACK");  // as SQLITE_FULL does: the transaction is gone
    const auto answers = verify_together(stage, {{"ann", stage.code(three.ann.seed)},
                                                 {"bob", stage.code(three.bob.seed)},
                                                 {"cyd", stage.code(three.cyd.seed)},
                                                 {"nobody", "123456"}});
    CHECK(answers[0].value().ok);
    REQUIRE_FALSE(answers[1]);
    CHECK(answers[1].error().code == ServerErrorCode::ServerUnavailable);
    CHECK(answers[2].value().ok);
    CHECK_FALSE(answers[3].value().ok);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE successes = 1") == 2);
    CHECK(stage.number("SELECT sum(failures) FROM unknown_user WHERE failures > 0") == 2);  // each once: first, nobody
}

TEST_CASE("an attempt whose event cannot be written is still counted [R10] [R9]") {
    Stage stage;
    const Three three(stage);
    const std::string wrong = stage.wrong_code(three.ann.seed);
    for (int i = 0; i < 4; ++i) CHECK_FALSE(stage.verify("ann", wrong).value().ok);
    stage.change("CREATE TRIGGER poison BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
    CHECK_FALSE(stage.verify("ann", wrong));
    CHECK(stage.number("SELECT failures FROM credential WHERE user = 'ann'") == 5);
    const auto locked = stage.verify("ann", stage.code(three.ann.seed));
    REQUIRE(locked);
    CHECK_FALSE(locked.value().ok);
    CHECK(locked->retry_after_seconds == 30);
}

TEST_CASE("two attempts of one user are decided in two batches, each on what the other left [R9b] [R10]") {
    Stage stage;
    const Three three(stage);
    const std::string code = stage.code(three.ann.seed);
    const auto answers = verify_together(stage, {{"ann", code}, {"ann", code}});
    CHECK(answers[0].value().ok);
    CHECK_FALSE(answers[1].value().ok);
    CHECK(stage.number("SELECT successes FROM credential WHERE user = 'ann'") == 1);
}

TEST_CASE("stopping finishes what is queued, and later requests are refused [R10]") {
    Stage stage;
    const Three three(stage);
    std::atomic<int> told{0};
    {
        SQLite::Database other(stage.database(), SQLite::OPEN_READWRITE, 1000);
        other.exec("BEGIN IMMEDIATE");
        for (int i = 0; i < 50; ++i) {
            stage.service->verify(stage.caller, {"user" + std::to_string(i), "totp", Secret(std::string_view("123456"))},
                                  [&](const Answer<VerifyAnswer>& answer) { told += answer.has_value() ? 1 : 100; });
        }
        other.exec("ROLLBACK");
    }
    stage.service->stop();
    CHECK(told == 50);
    CHECK(stage.verify("ann", stage.code(three.ann.seed)).error().code == ServerErrorCode::ServerUnavailable);
}

TEST_CASE("after a commit that failed the server is not ready, and recovers with the next one [R10] [L19]") {
    Stage stage;
    const Three three(stage);
    poison(stage, "ann", "ROLLBACK");
    CHECK_FALSE(stage.verify("ann", stage.code(three.ann.seed)));
    CHECK_FALSE(stage.service->readiness().ready);
    stage.change("DROP TRIGGER poison");
    CHECK(stage.verify("ann", stage.code(three.ann.seed)).value().ok);
    CHECK(stage.service->readiness().ready);
}
