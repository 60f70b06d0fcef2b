// SPDX-License-Identifier: Apache-2.0
#include "app/questions.h"

#include <algorithm>
#include <utility>

#include "app/code_digest.h"
#include "app/policy.h"
#include "app/question_catalog.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/tokens.h"
#include "countersign/code_stretch.h"

// Answers at a challenge, and what is shown of a set; setting one up is in question_saving.cpp. All answers of a user
// are one secret, so nothing on the way knows which of them was wrong, and whatever is wrong with them, their ids
// included, is one wrong attempt.

namespace countersign::server {

struct Questions::Trial {
    AnswerAttempt attempt;
    JudgePurpose judge;
    Secret secret;
    Secret salt;
};

namespace {

/// For what cannot be right, so that it takes as long as what is (R14).
constexpr std::size_t kDummyBytes = 64;

Secret secret_of(const std::vector<GivenAnswer>& given, std::string_view unicode_version) {
    std::vector<KbaAnswer> answers;
    answers.reserve(given.size());
    for (const GivenAnswer& each : given) answers.push_back({each.id, {}, each.answer.text()});
    auto secret = kba_secret(answers, unicode_version);
    return secret ? std::move(*secret) : Secret::random(kDummyBytes);
}

std::string hidden_name(const Digest& digest) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

}  // namespace

std::optional<QuestionSet> Questions::open_set(const std::string& realm, const std::string& user,
                                               const QuestionSetRecord& record) {
    const auto bytes = open_seed(with_.keys, {realm, user, kKbaMethod, record.credential, record.key_id}, record.sealed);
    auto set = bytes ? read_question_set(bytes->bytes()) : std::nullopt;
    if (!set || set->salt.size() != kStretchSaltBytes) {
        with_.log.write(LogLevel::Error, "credential.does_not_open",
                        {{"realm", realm}, {"credential", record.credential}});
        return std::nullopt;
    }
    return set;
}

Answer<std::vector<AskedQuestion>> Questions::questions_of(const std::string& realm, const std::string& user) {
    const auto record = with_.store.find_question_set(realm, user);
    if (!record) return tl::unexpected(record.error());
    if (!*record) return std::vector<AskedQuestion>{};
    auto set = open_set(realm, user, **record);
    if (!set) return refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds);
    for (AskedQuestion& question : set->questions) {
        if (question.text.empty()) question.text = find_catalog_question(question.id).value_or("");
    }
    return std::move(set->questions);
}

Answer<std::optional<MethodState>> Questions::state_of(const std::string& realm, const std::string& user) {
    const auto record = with_.store.find_question_set(realm, user);
    if (!record) return tl::unexpected(record.error());
    MethodState state;
    state.method = kKbaMethod;
    if (!*record) {
        const auto policy = with_.policy_of(realm);
        if (!policy) return tl::unexpected(policy.error());
        if (!asks_questions(policy->policy)) return std::nullopt;
        state.status = "not_configured";
        return state;
    }
    const QuestionSetRecord& found = **record;
    state.status = found.active ? "active" : "disabled";
    state.credential_id = found.credential;
    state.active_since = found.active_since;
    state.last_used = found.last_used;
    state.uses_left = found.before_floor ? 0 : kMostKbaUses - std::min(found.uses, kMostKbaUses);
    if (const auto set = open_set(realm, user, found)) {
        state.questions = static_cast<std::int64_t>(set->questions.size());
    }
    return state;
}

Answer<std::shared_ptr<Questions::Trial>> Questions::prepare(QuestionAttempt& given, UnixSeconds now) {
    auto trial = std::make_shared<Trial>();
    AnswerAttempt& attempt = trial->attempt;
    attempt.realm = std::move(given.realm);
    attempt.user = std::move(given.user);
    attempt.hidden_user = hidden_name(with_.keys.token_hash({"cs-unknown-1", attempt.realm, attempt.user}));
    attempt.now = now;
    trial->judge = std::move(given.judge);
    const auto record = with_.store.find_question_set(attempt.realm, attempt.user);
    if (!record) return tl::unexpected(record.error());
    auto set = *record ? open_set(attempt.realm, attempt.user, **record) : std::nullopt;
    if (*record) attempt.credential = (*record)->credential;
    trial->secret = set ? secret_of(given.answers, set->unicode_version) : Secret::random(kDummyBytes);
    trial->salt = set ? std::move(set->salt) : Secret::random(kStretchSaltBytes);
    return trial;
}

void Questions::try_answers(QuestionAttempt attempt, Reply<LoginDecision> reply) {
    auto ticket = std::make_shared<Admission::Ticket>(with_.admission.admit(attempt.realm, attempt.user, kKbaMethod));
    if (!*ticket) return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto prepared = prepare(attempt, *now);
    if (!prepared) return reply(tl::unexpected(prepared.error()));
    const std::shared_ptr<Trial>& trial = *prepared;
    auto answer = [this, ticket, realm = trial->attempt.realm, user = trial->attempt.hidden_user,
                   reply = std::move(reply)](Answer<LoginDecision> decision) {
        *ticket = Admission::Ticket{};  // before the answer leaves: the caller's next attempt must find the place free
        if (decision && (decision->disabled || decision->locked)) {
            with_.log.write(LogLevel::Warning, decision->disabled ? "credential.disabled" : "credential.locked",
                            {{"realm", realm}, {"user_hash", user}, {"method", kKbaMethod}});
        }
        reply(std::move(decision));
    };
    if (!allowance_.take(trial->attempt.hidden_user, *now)) {
        return answer(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    }
    attempt.answers.clear();
    const bool in_line = with_.pool.submit([this, trial, answer]() -> StretchPool::After {
        const auto stretched = stretch_secret(trial->secret.bytes(), trial->salt.bytes());
        trial->secret.wipe();
        trial->salt.wipe();
        const auto digest = stretched ? digest_code(with_.keys, trial->attempt.realm, trial->attempt.user, stretched->bytes())
                                      : refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds);
        if (!digest) return [answer, error = digest.error()] { answer(tl::unexpected(error)); };
        trial->attempt.digest = *digest;
        return [this, trial, answer] { decide(trial, kJudgings, answer); };
    });
    if (!in_line) answer(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
}

void Questions::decide(const std::shared_ptr<Trial>& trial, int tries, Reply<LoginDecision> reply) {
    const auto policy = with_.policy_of(trial->attempt.realm);
    if (!policy) return reply(tl::unexpected(policy.error()));
    auto purpose = trial->judge();
    if (!purpose) return reply(tl::unexpected(std::move(purpose.error())));
    AnswerAttempt attempt = trial->attempt;
    attempt.policy_version = policy->version;
    attempt.counting = policy->policy.counting;
    attempt.purpose = std::move(*purpose);
    with_.store.decide_answers(
        std::move(attempt), [this, trial, tries, reply = std::move(reply)](Answer<LoginDecision> decision) {
            if (!decision || !decision->judge_again) return reply(std::move(decision));
            if (tries > 1) return decide(trial, tries - 1, reply);
            reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
        });
}

}  // namespace countersign::server
