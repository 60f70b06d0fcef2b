// SPDX-License-Identifier: Apache-2.0
#include "app/challenges.h"

#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <vector>

#include "app/backup_codes.h"
#include "app/policies.h"
#include "countersign/code_stretch.h"
#include "http/policy_codec.h"
#include "stage.h"
#include "store/rows.h"

// A challenge on a whole service: a code and the step that it makes are one, whatever happens in between.

using namespace countersign;
using namespace countersign::server;

namespace {

std::string attempt(int number) { return "attempt-number-" + std::to_string(1000 + number); }

template <class T>
std::future<Answer<T>> begin_call(const std::function<void(Reply<T>)>& call) {
    auto promise = std::make_shared<std::promise<Answer<T>>>();
    call([promise](Answer<T> answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}

/// A stage whose policy lets in an authenticator and both kinds of security codes.
class Login {
  public:
    Login() {
        allow([](Policy& policy) { policy.security_codes = {true, CodeKind::Both, 24}; });
    }

    template <class Change>
    void allow(Change change) {
        auto policies = Policies::open(stage.data, json_policy_form(), stage.clock).value();
        Policy policy = policies->current("default").value().policy;
        change(policy);
        REQUIRE(policies->save("default", policy, "test", {}));
    }

    SessionCaller open(const std::string& user) {
        OpenSessionRequest request{.user = user, .purpose = "challenge", .account = "ann@example.com", .issuer = "Bank"};
        request.receipt_purpose = "login";
        request.first_factor = FirstFactor{"password", stage.clock->wall()};
        OpenedSession opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
                                   stage.service->open_session(stage.caller, request, std::move(reply));
                               }).value();
        SessionCaller caller = stage.service->authenticate_session(opened.token.text()).value();
        REQUIRE(caller.challenge == opened.challenge);
        return caller;
    }

    std::future<Answer<ChallengeAnswered>> begin_answer(const SessionCaller& caller, const std::string& method,
                                                        std::string_view code, const std::string& id) {
        return begin_call<ChallengeAnswered>([&](Reply<ChallengeAnswered> reply) {
            stage.service->challenges().answer(caller, {id, method, Secret(code)}, std::move(reply));
        });
    }
    Answer<ChallengeAnswered> answer(const SessionCaller& caller, const std::string& method, std::string_view code,
                                     const std::string& id) {
        return begin_answer(caller, method, code, id).get();
    }
    ChallengeView show(const SessionCaller& caller) {
        return await<ChallengeView>([&](Reply<ChallengeView> reply) {
                   stage.service->challenges().show(caller, std::move(reply));
               }).value();
    }
    Redeemed redeem(const SessionCaller& caller, std::string_view receipt) {
        return await<Redeemed>([&](Reply<Redeemed> reply) {
                   stage.service->challenges().redeem(
                       stage.caller, {Secret(receipt), caller.challenge, caller.user, "login"}, std::move(reply));
               }).value();
    }
    /// A code of an administrator's.
    std::string backup_code(const std::string& user) {
        auto desk = BackupCodes::open(stage.data, stage.key_file, json_policy_form(), stage.clock).value();
        return std::string(desk->issue({"default", user, "test", "lost phone", {}}).value().code.text());
    }

    Stage stage;
};

std::int64_t used_codes(Stage& stage) {
    return stage.number("SELECT count(*) FROM security_code WHERE used_at IS NOT NULL");
}

}  // namespace

TEST_CASE("a step that cannot be written leaves the code unspent, and the code passes when it can be [L18] [L19] [R11]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    const std::string code = login.stage.code(enrolled.seed);
    const std::string backup = login.backup_code("ann");
    const std::int64_t step = login.stage.number("SELECT last_step FROM credential WHERE method = 'totp'");
    login.stage.change("CREATE TRIGGER broken BEFORE UPDATE ON challenge WHEN NEW.stage <> OLD.stage "
                       "BEGIN SELECT RAISE(ABORT, 'broken'); END");
    CHECK(login.answer(caller, "totp", code, attempt(1)).error().code == ServerErrorCode::ServerUnavailable);
    CHECK(login.answer(caller, "security_code", backup, attempt(2)).error().code == ServerErrorCode::ServerUnavailable);
    CHECK(login.stage.number("SELECT last_step FROM credential WHERE method = 'totp'") == step);
    CHECK(login.stage.number("SELECT sum(failures) FROM credential") == 0);
    CHECK(used_codes(login.stage) == 0);
    CHECK(login.stage.number("SELECT count(*) FROM challenge_attempt") == 0);
    login.stage.change("DROP TRIGGER broken");
    const auto passed = login.answer(caller, "totp", code, attempt(1)).value();
    REQUIRE(passed.ok);
    CHECK(passed.view->state == "passed");
    CHECK(login.redeem(caller, passed.view->receipt->text()).ok);
}

TEST_CASE("an outcome that cannot be kept is none: the code stays unspent [L18] [R4]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    login.stage.change("CREATE TRIGGER broken BEFORE INSERT ON challenge_attempt BEGIN SELECT RAISE(ABORT, 'broken'); END");
    const std::string code = login.stage.code(enrolled.seed);
    CHECK(login.answer(caller, "totp", code, attempt(1)).error().code == ServerErrorCode::ServerUnavailable);
    CHECK(login.show(caller).state == "open");
    login.stage.change("DROP TRIGGER broken");
    CHECK(login.answer(caller, "totp", code, attempt(1)).value().ok);
}

TEST_CASE("a code whose use cannot be written makes no step [L18] [L19]") {
    Login login;
    static_cast<void>(login.stage.enroll("ann"));
    const SessionCaller caller = login.open("ann");
    const std::string backup = login.backup_code("ann");
    login.stage.change("CREATE TRIGGER broken BEFORE UPDATE ON security_code BEGIN SELECT RAISE(ABORT, 'broken'); END");
    CHECK(login.answer(caller, "security_code", backup, attempt(1)).error().code == ServerErrorCode::ServerUnavailable);
    CHECK(login.show(caller).proven.empty());
    CHECK(login.stage.number("SELECT stage FROM challenge") == 0);
}

TEST_CASE("two right answers of different methods at once: one makes the step, the other is not spent [U6] [U11] [L18] [R11]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    for (int round = 0; round < 20; ++round) {
        login.stage.clock->pass(30);
        const SessionCaller caller = login.open("ann");
        const std::string backup = login.backup_code("ann");
        const std::int64_t used = used_codes(login.stage);
        const std::int64_t step = login.stage.number("SELECT last_step FROM credential WHERE method = 'totp'");
        const auto salt = login.stage.service->code_salt(caller).value();
        ChallengeAnswer stretched{attempt(2), "security_code"};
        stretched.stretched = stretch_security_code(backup, salt.bytes()).value();  // else the other is always first
        std::future<Answer<ChallengeAnswered>> one;
        if (round % 2 == 0) one = login.begin_answer(caller, "totp", login.stage.code(enrolled.seed), attempt(1));
        auto two = begin_call<ChallengeAnswered>([&](Reply<ChallengeAnswered> reply) {
            login.stage.service->challenges().answer(caller, std::move(stretched), std::move(reply));
        });
        if (round % 2 == 1) one = login.begin_answer(caller, "totp", login.stage.code(enrolled.seed), attempt(1));
        const auto first = one.get();
        const auto second = two.get();
        const bool by_totp = first && first->ok;
        const bool by_code = second && second->ok;
        REQUIRE(by_totp != by_code);
        const auto& lost = by_totp ? second : first;
        REQUIRE(!lost);
        CHECK(lost.error().code == ServerErrorCode::ChallengeNotAllowed);
        CHECK(used_codes(login.stage) - used == (by_code ? 1 : 0));
        CHECK((login.stage.number("SELECT last_step FROM credential WHERE method = 'totp'") != step) == by_totp);
        CHECK(login.stage.number("SELECT sum(failures) FROM credential") == 0);
    }
}

TEST_CASE("one attempt sent sixteen times at once is carried out once, and every answer tells the same [R4] [L1]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    const std::string code = login.stage.code(enrolled.seed);
    std::vector<std::future<Answer<ChallengeAnswered>>> sent;
    for (int i = 0; i < 16; ++i) sent.push_back(login.begin_answer(caller, "totp", code, attempt(1)));
    int told = 0;
    for (auto& each : sent) {
        const auto answered = each.get();
        if (!answered) {
            CHECK(answered.error().code == ServerErrorCode::AdmissionBusy);
            continue;
        }
        CHECK(answered->ok);
        ++told;
    }
    CHECK(told >= 1);
    CHECK(login.stage.number("SELECT successes FROM credential WHERE method = 'totp'") == 1);
    CHECK(login.stage.number("SELECT count(*) FROM challenge_attempt") == 1);
}

TEST_CASE("a failure that begins a pause ends the challenge it was made in, and no other; sent again it is told alike [L11] [L10] [R4]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    const SessionCaller beside = login.open("ann");
    const std::string wrong = login.stage.wrong_code(enrolled.seed);
    for (int i = 1; i <= 4; ++i) CHECK(login.answer(caller, "totp", wrong, attempt(i)).value().retry_after_seconds == 0);
    CHECK(login.show(caller).state == "open");
    CHECK(login.answer(caller, "totp", wrong, attempt(5)).value().retry_after_seconds == 30);
    CHECK(login.show(caller).state == "ended");
    CHECK(login.show(beside).state == "open");
    login.stage.clock->pass(10);
    const auto again = login.answer(caller, "totp", wrong, attempt(5)).value();
    CHECK((!again.ok && again.retry_after_seconds == 20));
    CHECK(login.stage.number("SELECT failures FROM credential WHERE method = 'totp'") == 5);
    login.stage.clock->pass(30);
    const std::string right = login.stage.code(enrolled.seed);
    CHECK(login.answer(caller, "totp", right, attempt(6)).error().code == ServerErrorCode::ChallengeNotAllowed);
    CHECK(login.answer(beside, "totp", right, attempt(6)).value().ok);
}

TEST_CASE("a receipt is redeemed under the policy in force, and of two that were issued the later one [R11] [R4]") {
    Login login;
    static_cast<void>(login.stage.enroll("ann"));
    const SessionCaller caller = login.open("ann");
    const auto passed = login.answer(caller, "security_code", login.backup_code("ann"), attempt(1)).value();
    REQUIRE(passed.view->state == "passed");
    login.allow([](Policy& policy) { policy.security_codes.enabled = false; });
    CHECK_FALSE(login.redeem(caller, passed.view->receipt->text()).ok);
    CHECK(login.show(caller).state == "open");
    login.allow([](Policy& policy) { policy.security_codes.enabled = true; });
    const ChallengeView fresh = login.show(caller);
    CHECK_FALSE(login.redeem(caller, passed.view->receipt->text()).ok);
    const Redeemed redeemed = login.redeem(caller, fresh.receipt->text());
    CHECK((redeemed.ok && redeemed.content.fallback && redeemed.content.recovery));
    CHECK_FALSE(login.redeem(caller, fresh.receipt->text()).ok);
}

TEST_CASE("a receipt that was under way when its key was revoked is not redeemed [R4] [R1] [L14]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    const auto passed = login.answer(caller, "totp", login.stage.code(enrolled.seed), attempt(1)).value();
    REQUIRE(passed.view->state == "passed");
    REQUIRE(login.stage.administration()->revoke_app_key("default", login.stage.caller.key_id));
    CHECK_FALSE(login.redeem(caller, passed.view->receipt->text()).ok);
    CHECK(login.stage.number("SELECT count(*) FROM challenge WHERE redeemed_at IS NOT NULL") == 0);
}

TEST_CASE("a restored store takes no answer in a challenge from before, and redeems no receipt of it [R17] [R4]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller open = login.open("ann");
    const SessionCaller passed = login.open("ann");
    const auto answered = login.answer(passed, "totp", login.stage.code(enrolled.seed), attempt(1)).value();
    login.stage.change("UPDATE state SET floor_time = " + std::to_string(login.stage.clock->wall().value));
    login.stage.clock->pass(60);
    CHECK(login.answer(open, "totp", login.stage.code(enrolled.seed), attempt(2)).error().code == ServerErrorCode::AuthInvalid);
    CHECK_FALSE(login.redeem(passed, answered.view->receipt->text()).ok);
    CHECK(login.stage.number("SELECT count(*) FROM challenge WHERE redeemed_at IS NOT NULL") == 0);
}

TEST_CASE("a challenge and its receipt end with their time, to the second [R4]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    login.stage.clock->pass(599);
    const auto passed = login.answer(caller, "totp", login.stage.code(enrolled.seed), attempt(1)).value();
    REQUIRE(passed.ok);
    login.stage.clock->pass(59);
    CHECK(await<ChallengeView>([&](Reply<ChallengeView> reply) {
              login.stage.service->challenges().show(caller, std::move(reply));
          }).error().code == ServerErrorCode::AuthInvalid);
    CHECK(login.redeem(caller, passed.view->receipt->text()).ok);
    const SessionCaller next = login.open("ann");
    const auto late = login.answer(next, "totp", login.stage.code(enrolled.seed), attempt(2)).value();
    login.stage.clock->pass(60);
    CHECK_FALSE(login.redeem(next, late.view->receipt->text()).ok);
    CHECK(login.redeem(next, login.show(next).receipt->text()).ok);
}

TEST_CASE("while the clock is not trusted a challenge takes nothing and redeems nothing [R16]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    const std::string code = login.stage.code(enrolled.seed);
    login.stage.clock->jump(-300);
    CHECK(login.answer(caller, "totp", code, attempt(1)).error().code == ServerErrorCode::ClockUnreliable);
    login.stage.clock->jump(300);
    CHECK(login.answer(caller, "totp", code, attempt(1)).value().ok);
}

TEST_CASE("what has expired is swept, and a passed challenge only when it can elevate nothing any more [R2]") {
    Login login;
    const Enrolled enrolled = login.stage.enroll("ann");
    login.stage.clock->pass(30);
    const SessionCaller caller = login.open("ann");
    REQUIRE(login.answer(caller, "totp", login.stage.code(enrolled.seed), attempt(1)).value().ok);
    const auto left = [&](const std::string& table) {
        Database outside(login.stage.database(), Role::Writer);
        WriteTransaction transaction(outside);
        static_cast<void>(sweep_expired(outside, login.stage.clock->wall()));
        transaction.commit();
        return login.stage.number("SELECT count(*) FROM " + table);
    };
    CHECK((left("challenge") == 1 && left("challenge_attempt") == 1));
    login.stage.clock->pass(600);
    CHECK((left("challenge") == 1 && left("challenge_attempt") == 0));
    login.stage.clock->pass(600);
    CHECK(left("challenge") == 0);
}
