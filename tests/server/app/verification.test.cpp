// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "stage.h"

using namespace countersign;
using namespace countersign::server;

namespace {

/// A user with an authenticator whose present code is unused.
Enrolled ready(Stage& stage, const std::string& user = "ann") {
    Enrolled enrolled = stage.enroll(user);
    stage.clock->pass(90);
    return enrolled;
}

std::string with_digits(const std::string& code, const std::vector<std::string>& digits) {
    std::string text;
    for (const char c : code) text += digits[static_cast<std::size_t>(c - '0')];
    return text;
}

const std::vector<std::string> kFullWidth{"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
const std::vector<std::string> kArabicIndic{"٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"};

}  // namespace

TEST_CASE("every spelling of a spent code is refused: the step is stored, not the text [L4] [R14b]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const std::string code = stage.code(enrolled.seed);
    const std::vector<std::string> spellings{code,
                                             code.substr(0, 3) + " " + code.substr(3),
                                             " " + code + " ",
                                             code.substr(0, 3) + "-" + code.substr(3),
                                             code.substr(0, 3) + "\u00a0" + code.substr(3),
                                             with_digits(code, kFullWidth),
                                             with_digits(code, kArabicIndic)};
    REQUIRE(stage.verify("ann", code).value().ok);
    for (const std::string& spelling : spellings) CHECK_FALSE(stage.verify("ann", spelling).value().ok);
    CHECK(stage.number("SELECT failures FROM credential") == 0);
}

TEST_CASE("spaces, dashes, full-width and Arabic-Indic digits are read as the code [R14b] [L4]") {
    for (int form = 0; form < 4; ++form) {
        Stage stage;
        const Enrolled enrolled = ready(stage);
        const std::string code = stage.code(enrolled.seed);
        const std::string typed = form == 0   ? code.substr(0, 3) + " " + code.substr(3)
                                  : form == 1 ? code.substr(0, 2) + "-" + code.substr(2)
                                  : form == 2 ? with_digits(code, kFullWidth)
                                              : with_digits(code, kArabicIndic);
        CHECK(stage.verify("ann", typed).value().ok);
        CHECK_FALSE(stage.verify("ann", code).value().ok);
    }
}

TEST_CASE("what is not N digits is not accepted and not counted, known or unknown [R14b] [L4]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const std::string code = stage.code(enrolled.seed);
    const std::vector<std::string> malformed{"",
                                             code.substr(1),
                                             "0" + code,
                                             "+" + code.substr(1),
                                             "-" + code + "x",
                                             "+" + code,
                                             code + std::string(1, '\0'),
                                             std::string(1, '\0') + code,
                                             code.substr(0, 3) + std::string(1, '\0') + code.substr(3),
                                             code + "\x01",
                                             "0x" + code,
                                             "1e5",
                                             std::string(100'000, '1'),
                                             "\xff\xfe" + code,
                                             "１２３"};
    for (const std::string& typed : malformed) {
        for (const std::string user : {"ann", "nobody"}) {
            CAPTURE(typed.substr(0, 20), user);
            const auto answer = stage.verify(user, typed);
            REQUIRE(answer);
            CHECK_FALSE(answer.value().ok);
            CHECK(answer->retry_after_seconds == 0);
        }
    }
    CHECK(stage.number("SELECT failures FROM credential") == 0);
    CHECK(stage.number("SELECT count(*) FROM unknown_user") == 0);
    CHECK(stage.verify("ann", code).value().ok);
}

TEST_CASE("the window is one step each way, and the highest matching step is spent [R12] [L22]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed, -2)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed, 2)).value().ok);
    CHECK(stage.verify("ann", stage.code(enrolled.seed, -1)).value().ok);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK(stage.verify("ann", stage.code(enrolled.seed, 1)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed, -1)).value().ok);
}

TEST_CASE("no clock advice at a login: far and near codes get one answer [R14] [L35]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const auto far = stage.verify("ann", stage.code(enrolled.seed, 5)).value();
    const auto wrong = stage.verify("ann", stage.wrong_code(enrolled.seed)).value();
    CHECK(far.ok == wrong.ok);
    CHECK(far.retry_after_seconds == wrong.retry_after_seconds);
    CHECK(stage.number("SELECT failures FROM credential") == 2);
}

TEST_CASE("a spent code and a wrong one get the same answer [L17] [R14]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const std::string code = stage.code(enrolled.seed);
    REQUIRE(stage.verify("ann", code).value().ok);
    const auto spent = stage.verify("ann", code).value();
    const auto wrong = stage.verify("ann", stage.wrong_code(enrolled.seed)).value();
    CHECK(spent.ok == wrong.ok);
    CHECK(spent.retry_after_seconds == wrong.retry_after_seconds);
}

TEST_CASE("every answer waits for a commit of its own batch, also one that changes no credential [R14] [L17]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const std::string code = stage.code(enrolled.seed);
    const std::vector<std::pair<std::string, std::string>> asked{
        {"ann", code}, {"ann", code}, {"ann", stage.wrong_code(enrolled.seed)}, {"nobody", code}, {"ann", "12"},
        {"nobody", "12"}};
    for (const auto& [user, typed] : asked) {
        const std::int64_t before = stage.number("SELECT commits FROM state");
        REQUIRE(stage.verify(user, typed));
        CHECK(stage.number("SELECT commits FROM state") > before);
    }
}

TEST_CASE("an unknown user has a row of the same shape under a keyed hash [R14]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    for (int i = 1; i <= 7; ++i) {
        const auto known = stage.verify("ann", stage.wrong_code(enrolled.seed)).value();
        const auto unknown = stage.verify("nobody", "123456").value();
        CHECK(known.ok == unknown.ok);
        CHECK(known.retry_after_seconds == unknown.retry_after_seconds);
        CHECK(known.retry_after_seconds == (i < 5 ? 0 : 30));
    }
    CHECK(stage.number("SELECT count(*) FROM unknown_user WHERE length(user) = 64 AND failures = 5") == 1);
    CHECK(stage.number("SELECT count(*) FROM unknown_user WHERE user = 'nobody'") == 0);
    CHECK(stage.number("SELECT expires_at FROM unknown_user") == stage.clock->wall().value + 2592000);
}

TEST_CASE("users are told apart by realm and by each byte of their id [R1]") {
    Stage stage;
    const Enrolled enrolled = ready(stage, "ann");
    REQUIRE(stage.administration()->create_realm("other"));
    const std::string code = stage.code(enrolled.seed);
    for (const std::string user : {"Ann", "ann ", "a\u0301nn", "ann%", "'ann'"}) CHECK_FALSE(stage.verify(user, code).value().ok);
    const AppCaller home = stage.caller;
    stage.caller.realm = "other";
    CHECK_FALSE(stage.verify("ann", code).value().ok);
    stage.caller = home;
    CHECK(stage.verify("ann", code).value().ok);
}

TEST_CASE("a user id that is not 1 to 128 bytes of UTF-8 without NUL is refused before it is queued [R10] [R1]") {
    Stage stage;
    const std::vector<std::string> bad{"", std::string(129, 'a'), std::string("a\0b", 3), "\xff", "\xc0\x80",
                                       "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"};
    for (const std::string& user : bad) {
        const auto answer = stage.verify(user, "123456");
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ServerErrorCode::RequestFieldInvalid);
    }
    // What is queued for a user nobody knows leaves a row. (Commits cannot be counted: the writer makes its own.)
    CHECK(stage.number("SELECT count(*) FROM unknown_user") == 0);
    CHECK(stage.verify(std::string(128, 'a'), "123456"));
    CHECK(stage.number("SELECT count(*) FROM unknown_user") == 1);
}

TEST_CASE("a third attempt of one user at once is turned away, known and unknown alike [R9b] [R14]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    for (const std::string user : {"ann", "nobody"}) {
        SQLite::Database other(stage.database(), SQLite::OPEN_READWRITE, 1000);
        other.exec("BEGIN IMMEDIATE");  // holds up the writer, so that attempts pile up
        std::vector<std::future<Answer<VerifyAnswer>>> answers;
        for (int i = 0; i < 4; ++i) {
            auto promise = std::make_shared<std::promise<Answer<VerifyAnswer>>>();
            answers.push_back(promise->get_future());
            stage.service->verify(stage.caller, {user, "totp", Secret(std::string_view("123456"))},
                                  [promise](Answer<VerifyAnswer> answer) { promise->set_value(std::move(answer)); });
        }
        for (std::size_t i = 2; i < 4; ++i) {  // answered while the store is held up
            const auto busy = answers[i].get();
            REQUIRE_FALSE(busy);
            CHECK(busy.error().code == ServerErrorCode::AdmissionBusy);
            CHECK(busy.error().retry_after_seconds > 0);
        }
        other.exec("ROLLBACK");
        CHECK_FALSE(answers[0].get().value().ok);
        CHECK_FALSE(answers[1].get().value().ok);
        CHECK(stage.verify(user, "123456"));
    }
}

TEST_CASE("one of 64 parallel attempts with one code is accepted [R9] [L1]") {
    Stage stage;
    for (int round = 0; round < 5; ++round) {
        const std::string user = "user" + std::to_string(round);
        const Enrolled enrolled = ready(stage, user);
        const std::string code = stage.code(enrolled.seed);
        std::atomic<int> accepted{0};
        std::atomic<int> refused{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 64; ++i) {
            threads.emplace_back([&] {
                const auto answer = stage.verify(user, code);
                if (answer && answer->ok) ++accepted;
                else ++refused;
            });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK(accepted == 1);
        CHECK(refused == 63);
    }
}

TEST_CASE("an attempt while the operator's other process writes waits and is decided on what it wrote [R18]") {
    Stage stage;
    const Enrolled enrolled = ready(stage);
    const std::string code = stage.code(enrolled.seed);
    SQLite::Database other(stage.database(), SQLite::OPEN_READWRITE, 1000);
    other.exec("BEGIN IMMEDIATE; UPDATE credential SET status = 'disabled'");
    auto promise = std::make_shared<std::promise<Answer<VerifyAnswer>>>();
    auto answer = promise->get_future();
    stage.service->verify(stage.caller, {"ann", "totp", Secret(std::string_view(code))},
                          [promise](Answer<VerifyAnswer> given) { promise->set_value(std::move(given)); });
    other.exec("COMMIT");  // after the hash, before the statement
    CHECK_FALSE(answer.get().value().ok);
}
