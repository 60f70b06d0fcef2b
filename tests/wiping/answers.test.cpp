// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "../server/app/stage.h"
#include "app/backup_codes.h"
#include "app/challenges.h"
#include "app/policies.h"
#include "app/questions.h"
#include "countersign/base32.h"
#include "countersign/code_stretch.h"
#include "countersign/security_codes.h"
#include "http/policy_codec.h"
#include "memory_search.h"

// What somebody typed is gone when its answer leaves, not some time later. The search is made inside the reply: on the
// writer's thread, with the batch, its jobs and all that they hold still there, as it is when many answers leave at once.

using namespace countersign;
using namespace countersign::server;
using namespace wiping;

namespace {

constexpr const char* kSeed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
constexpr TotpParameters kTenDigits{Algorithm::Sha1, 10, 30};  // six would stand somewhere by chance

template <class T>
struct Seen {
    std::optional<Answer<T>> answer;
    std::vector<std::string> found;
};

template <class T, class Call>
Seen<T> seen_when_answered(const Needles& needles, Call call) {
    auto promise = std::make_shared<std::promise<Seen<T>>>();
    auto future = promise->get_future();
    call([promise, &needles](Answer<T> answer) { promise->set_value({std::move(answer), needles.found()}); });
    return future.get();
}

/// Ann, who has an authenticator of ten digits, under a policy that allows whatever can be typed.
class Desk {
  public:
    Desk() {
        REQUIRE(stage.import_users(std::string("user,secret,algorithm,digits,period\nann,") + kSeed + ",sha1,10,30\n"));
        Policy policy;
        policy.security_codes = {true, CodeKind::Both, 24};
        policy.forgot_phone.enabled = true;
        policy.forgot_phone.alternate = Alternate::Kba;
        policy.kba.questions = 1;
        auto policies = Policies::open(stage.data, json_policy_form(), stage.clock);
        REQUIRE((*policies)->save("default", policy, "test", {}));
    }

    /// The code of now, and of nothing near it; known to the needles.
    Secret totp(Needles& needles) {
        Secret code = generate_totp(decode_base32(kSeed).value().bytes(), stage.clock->wall(), kTenDigits).value();
        needles.add("code", code.text());
        return code;
    }
    Secret wrong_totp(Needles& needles) {
        Secret code = totp(needles);
        for (auto& digit : code.writable()) digit = static_cast<std::uint8_t>('9' - (digit - '0'));
        needles.add("wrong code", code.text());
        return code;
    }
    Secret backup_code(Needles& needles) {
        auto desk = BackupCodes::open(stage.data, stage.key_file, json_policy_form(), stage.clock);
        auto issued = (*desk)->issue({"default", "ann", "test", "lost phone", {}});
        REQUIRE(issued);
        needles.add("security code", issued->code.text());
        needles.add("security code, ungrouped", read_security_code(issued->code.text())->text());
        return std::move(issued->code);
    }
    Secret stretched(Needles& needles, const SessionCaller& session) {
        const Secret code = backup_code(needles);
        const Secret read = std::move(*read_security_code(code.text()));
        Secret made = std::move(*stretch_security_code(read.text(), stage.service->code_salt(session)->bytes()));
        needles.add("stretched", made.bytes());
        return made;
    }
    Secret answer(Needles& needles) {
        Secret text = Secret::random(12);
        for (auto& c : text.writable()) c = static_cast<std::uint8_t>('a' + c % 26);
        needles.add("answer", text.text());
        return text;
    }
    SessionCaller challenge() {
        OpenSessionRequest request{.user = "ann", .purpose = "challenge", .account = "ann@example.com", .issuer = "Bank"};
        request.receipt_purpose = "login";
        request.first_factor = FirstFactor{"password", stage.clock->wall()};
        auto opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
            stage.service->open_session(stage.caller, request, std::move(reply));
        });
        return stage.service->authenticate_session(opened->token.text()).value();
    }

    Seen<VerifyAnswer> verify(const Needles& needles, VerifyRequest request) {
        return seen_when_answered<VerifyAnswer>(needles, [&](Reply<VerifyAnswer> reply) {
            stage.service->verify(stage.caller, std::move(request), std::move(reply));
        });
    }
    Seen<ElevateAnswer> elevate(const Needles& needles, const SessionCaller& session, ElevateRequest request) {
        return seen_when_answered<ElevateAnswer>(needles, [&](Reply<ElevateAnswer> reply) {
            stage.service->elevate(session, std::move(request), std::move(reply));
        });
    }
    Seen<ChallengeAnswered> answer_challenge(const Needles& needles, const SessionCaller& session, ChallengeAnswer given) {
        return seen_when_answered<ChallengeAnswered>(needles, [&](Reply<ChallengeAnswered> reply) {
            stage.service->challenges().answer(session, std::move(given), std::move(reply));
        });
    }

    Stage stage;
};

using Nothing = std::vector<std::string>;

}  // namespace

TEST_CASE("control: what the caller kept is found while the answer leaves", "[answers]") {
    Desk desk;
    Needles needles;
    Secret code = desk.totp(needles);
    const Secret kept = code.clone();
    const auto seen = desk.verify(needles, {"ann", "totp", std::move(code), {}});
    CHECK(seen.answer->value().ok);
    CHECK(seen.found == Nothing{"code"});
}

TEST_CASE("an authenticator's code is gone when a login's answer leaves [R14] [L36]", "[answers]") {
    Desk desk;
    Needles needles;
    const auto refused = desk.verify(needles, {"ann", "totp", desk.wrong_totp(needles), {}});
    CHECK_FALSE(refused.answer->value().ok);
    CHECK(refused.found == Nothing{});
    const auto accepted = desk.verify(needles, {"ann", "totp", desk.totp(needles), {}});
    CHECK(accepted.answer->value().ok);
    CHECK(accepted.found == Nothing{});
}

TEST_CASE("a security code is gone when a login's answer leaves, typed or stretched [R14] [R21]", "[answers]") {
    Desk desk;
    Needles needles;
    const auto typed = desk.verify(needles, {"ann", "security_code", desk.backup_code(needles), {}});
    CHECK(typed.answer->value().ok);
    CHECK(typed.found == Nothing{});
    const SessionCaller session = desk.stage.open_session("ann");
    VerifyRequest request{"ann", "security_code", {}, desk.stretched(needles, session)};
    const auto stretched = desk.verify(needles, std::move(request));
    CHECK(stretched.answer->value().ok);
    CHECK(stretched.found == Nothing{});
}

TEST_CASE("a code that elevates a session is gone when the answer leaves [R2] [R14]", "[answers]") {
    Desk desk;
    Needles needles;
    const SessionCaller session = desk.stage.open_session("ann");
    const auto refused = desk.elevate(needles, session, {"totp", desk.wrong_totp(needles), {}});
    CHECK_FALSE(refused.answer->value().ok);
    CHECK(refused.found == Nothing{});
    const auto accepted = desk.elevate(needles, session, {"security_code", desk.backup_code(needles), {}});
    CHECK(accepted.answer->value().ok);
    CHECK(accepted.found == Nothing{});
}

TEST_CASE("a challenge's code and its receipt are gone when their answers leave [R4] [R14]", "[answers]") {
    Desk desk;
    Needles needles;
    const SessionCaller session = desk.challenge();
    auto passed = desk.answer_challenge(needles, session, {"attempt-number-1001", "totp", desk.totp(needles)});
    REQUIRE(passed.answer->value().view);
    CHECK(passed.found == Nothing{});
    Needles receipts;
    Secret receipt = std::move(*passed.answer->value().view->receipt);
    receipts.add("receipt", receipt.text());
    const auto redeemed = seen_when_answered<Redeemed>(receipts, [&](Reply<Redeemed> reply) {
        desk.stage.service->challenges().redeem(
            desk.stage.caller, {std::move(receipt), session.challenge, session.user, "login"}, std::move(reply));
    });
    CHECK(redeemed.answer->value().ok);
    CHECK(redeemed.found == Nothing{});
}

TEST_CASE("the answers to questions are gone when what was made of them is told [R24]", "[answers]") {
    Desk desk;
    Needles needles;
    const SessionCaller before = desk.stage.open_session("ann");
    REQUIRE(desk.elevate(needles, before, {"totp", desk.totp(needles), {}}).answer->value().ok);
    const SessionCaller session = desk.challenge();
    std::vector<ChosenQuestion> chosen(1);
    chosen[0].id = desk.stage.service->questions().offer(before)->catalog.at(0).id;
    chosen[0].answer = desk.answer(needles);
    const auto saved = seen_when_answered<QuestionsSaved>(needles, [&](Reply<QuestionsSaved> reply) {
        SessionCaller elevated = before;
        elevated.elevated_until = UnixSeconds{desk.stage.clock->wall().value + 600};
        desk.stage.service->questions().save(elevated, std::move(chosen), std::move(reply));
    });
    CHECK_FALSE(saved.answer->value().credential_id.empty());
    CHECK(saved.found == Nothing{});

    ChallengeAnswer given{"attempt-number-1001", "kba"};
    const std::string id = desk.stage.service->questions().offer(before)->catalog.at(0).id;
    given.answers.push_back({id, desk.answer(needles)});
    const auto refused = desk.answer_challenge(needles, session, std::move(given));
    CHECK_FALSE(refused.answer->value().ok);
    CHECK(refused.found == Nothing{});
}
