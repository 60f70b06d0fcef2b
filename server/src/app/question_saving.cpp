// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "app/change_refusal.h"
#include "app/code_digest.h"
#include "app/contact.h"
#include "app/policy.h"
#include "app/question_catalog.h"
#include "app/questions.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"
#include "app/tokens.h"
#include "countersign/code_stretch.h"

// Setting up security questions. What is stretched does not depend on the policy, so a policy saved in between costs
// another judging and no other stretching (R11).

namespace countersign::server {

struct Questions::Saving {
    SessionCaller caller;
    std::vector<ChosenQuestion> chosen;
    std::vector<AskedQuestion> questions;  ///< with the ids and texts they are kept under
    QuestionSetChange change;
};

namespace {

constexpr std::size_t kShortestOwn = 8;
constexpr std::size_t kLongestOwn = 128;

constexpr QuestionRefusal kWrongCount{0, "kba.wrong_count", "Answer as many questions as the policy asks for."};
constexpr QuestionRefusal kUnknown{0, "kba.question_unknown", "There is no such question in the list; load it again."};
constexpr QuestionRefusal kNotAllowed{0, "kba.question_not_allowed", "Questions of this kind are not allowed; choose another one."};
constexpr QuestionRefusal kMalformed{0, "kba.question_malformed", "A question of your own has 8 to 128 bytes of printable text."};

QuestionRefusal at(std::size_t index, QuestionRefusal refusal) {
    refusal.index = index;
    return refusal;
}

QuestionRefusal at(std::size_t index, KbaFault fault) {
    return {index, kba_fault_name(fault), kba_fault_sentence(fault)};
}

std::optional<QuestionRefusal> refuse_question(const ChosenQuestion& chosen, const Policy::Kba& rules) {
    if (chosen.id.has_value() == chosen.text.has_value()) return kUnknown;
    if (chosen.id) {
        if (!find_catalog_question(*chosen.id)) return kUnknown;
        return rules.catalog ? std::nullopt : std::optional(kNotAllowed);
    }
    if (!rules.own) return kNotAllowed;
    const bool sound = chosen.text->size() >= kShortestOwn && chosen.text->size() <= kLongestOwn &&
                       is_printable_utf8(*chosen.text);
    return sound ? std::nullopt : std::optional(kMalformed);
}

std::string_view text_of(const AskedQuestion& question) {
    return question.text.empty() ? find_catalog_question(question.id).value_or("") : std::string_view(question.text);
}

/// Own questions have ids of their own, so that one written twice is seen by its text alone.
std::optional<QuestionRefusal> refuse_same_text(const std::vector<AskedQuestion>& questions) {
    const auto folded = [](const AskedQuestion& question) { return fold_answer(text_of(question)); };
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const auto text = folded(questions[i]);
        for (std::size_t j = 0; text && j < i; ++j) {
            const auto earlier = folded(questions[j]);
            if (earlier && earlier->text() == text->text()) return at(i, KbaFault::RepeatedQuestion);
        }
    }
    return std::nullopt;
}

std::vector<KbaAnswer> answers_of(const std::vector<ChosenQuestion>& chosen,
                                  const std::vector<AskedQuestion>& questions) {
    std::vector<KbaAnswer> answers;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        answers.push_back({questions[i].id, text_of(questions[i]), chosen[i].answer.text()});
    }
    return answers;
}

}  // namespace

Answer<QuestionOffer> Questions::offer(const SessionCaller& caller) {
    const auto policy = with_.policy_of(caller.realm);
    if (!policy) return tl::unexpected(policy.error());
    if (!asks_questions(policy->policy)) return refuse(ServerErrorCode::PolicyNotAllowed);
    QuestionOffer offer;
    offer.needed = policy->policy.kba.questions;
    offer.own = policy->policy.kba.own;
    if (policy->policy.kba.catalog) {
        for (const CatalogQuestion& each : question_catalog()) {
            offer.catalog.push_back({std::string(each.id), std::string(each.text)});
        }
    }
    return offer;
}

/// Before anything is stretched; the transaction decides.
Answer<void> Questions::may_save(const SessionCaller& caller, UnixSeconds now) {
    const bool elevated = is_elevated(caller.elevated_until, now);
    if (elevated && caller.recovery) return refuse(ServerErrorCode::AuthRecoveryOnly);
    if (elevated) return {};
    for (const char* const method : {"totp", "email"}) {
        const auto found = with_.store.find_credentials(caller.realm, caller.user, method);
        if (!found) return tl::unexpected(found.error());
        const bool bound = std::ranges::any_of(
            *found, [](const CredentialRecord& c) { return c.status != CredentialStatus::Pending; });
        if (bound) return refuse(ServerErrorCode::AuthStepUpRequired);
    }
    return refuse(ServerErrorCode::MethodNone);
}

/// Nothing that the page or the back end has told of the user is an answer; the primary address is the back end's.
KbaOwner Questions::owner_of(const SessionCaller& caller, std::vector<std::string>& addresses) const {
    if (const auto contact = with_.store.find_contact(caller.realm, caller.user); contact && *contact) {
        if (auto address = open_contact(with_.keys, **contact)) addresses.push_back(std::move(*address));
    }
    KbaOwner owner{caller.user, {caller.account, caller.issuer}, {}};
    owner.addresses.assign(addresses.begin(), addresses.end());
    return owner;
}

Answer<std::optional<QuestionRefusal>> Questions::judge(const Saving& saving, PolicyInForce& by) {
    auto policy = with_.policy_of(saving.caller.realm);
    if (!policy) return tl::unexpected(policy.error());
    by = *policy;
    if (!asks_questions(by.policy)) return refuse(ServerErrorCode::PolicyNotAllowed);
    const auto needed = static_cast<std::size_t>(by.policy.kba.questions);
    const auto& chosen = saving.chosen;
    if (chosen.size() != needed) return at(std::min(chosen.size(), needed), kWrongCount);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (const auto refusal = refuse_question(chosen[i], by.policy.kba)) return at(i, *refusal);
    }
    if (auto repeated = refuse_same_text(saving.questions)) return repeated;
    std::vector<std::string> addresses;
    const auto refusal = refuse_answers(answers_of(chosen, saving.questions), owner_of(saving.caller, addresses));
    if (refusal) return at(refusal->index, refusal->fault);
    return std::nullopt;
}

void Questions::save(const SessionCaller& caller, std::vector<ChosenQuestion> chosen, Reply<QuestionsSaved> reply) {
    const auto now = with_.time_for_codes();  // the step-up is judged by it
    if (!now) return reply(tl::unexpected(now.error()));
    if (const auto may = may_save(caller, *now); !may) return reply(tl::unexpected(may.error()));
    auto saving = std::make_shared<Saving>();
    saving->caller = caller;
    saving->chosen = std::move(chosen);
    for (const ChosenQuestion& each : saving->chosen) {
        if (each.id) saving->questions.push_back({*each.id, {}});
        else saving->questions.push_back({make_random_id("own_"), each.text.value_or("")});
    }
    QuestionSetChange& change = saving->change;
    change.realm = caller.realm;
    change.user = caller.user;
    change.session = caller.session_id;
    change.credential = make_random_id("crd_");
    change.key_id = with_.keys.id();
    change.questions = static_cast<std::int64_t>(saving->questions.size());
    change.now = *now;
    PolicyInForce by;
    const auto refusal = judge(*saving, by);
    if (!refusal) return reply(tl::unexpected(refusal.error()));
    if (*refusal) return reply(QuestionsSaved{{}, *refusal});
    stretch_and_store(saving, std::move(reply));
}

void Questions::stretch_and_store(const std::shared_ptr<Saving>& saving, Reply<QuestionsSaved> reply) {
    QuestionSet set{std::string(kba_unicode_version()), Secret::random(kStretchSaltBytes), saving->questions};
    auto secret = kba_secret(answers_of(saving->chosen, saving->questions), set.unicode_version);
    if (!secret) return reply(refuse(ServerErrorCode::ServerUnavailable));
    QuestionSetChange& change = saving->change;
    change.sealed = seal_seed(with_.keys, {change.realm, change.user, kKbaMethod, change.credential},
                              write_question_set(set).bytes());
    const std::string user = std::to_string(change.realm.size()) + ":" + change.realm + change.user;
    auto ticket = std::make_shared<Admission::Ticket>(with_.admission.admit(change.realm, change.user, kKbaMethod));
    if (!*ticket || !allowance_.take(user, change.now)) {
        return reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
    }
    reply = [ticket, saving, reply = std::move(reply)](Answer<QuestionsSaved> saved) {
        *ticket = Admission::Ticket{};
        saving->chosen.clear();  // the answers go before this one leaves: the batch that holds them ends later
        reply(std::move(saved));
    };
    auto held = std::make_shared<std::pair<Secret, Secret>>(std::move(*secret), std::move(set.salt));
    const bool in_line = with_.pool.submit([this, saving, held = std::move(held), reply]() -> StretchPool::After {
        const auto stretched = stretch_secret(held->first.bytes(), held->second.bytes());
        const auto digest = stretched ? digest_code(with_.keys, saving->change.realm, saving->change.user, stretched->bytes())
                                      : refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds);
        if (!digest) return [reply, error = digest.error()] { reply(tl::unexpected(error)); };
        saving->change.digest = *digest;
        return [this, saving, reply] { store(saving, kJudgings, reply); };
    });
    if (!in_line) reply(refuse(ServerErrorCode::AdmissionBusy, {}, kBusyRetrySeconds));
}

void Questions::store(const std::shared_ptr<Saving>& saving, int tries, Reply<QuestionsSaved> reply) {
    PolicyInForce by;
    const auto refusal = judge(*saving, by);
    if (!refusal) return reply(tl::unexpected(refusal.error()));
    if (*refusal) return reply(QuestionsSaved{{}, *refusal});
    saving->change.policy_version = by.version;
    with_.store.replace_questions(
        saving->change, [this, saving, tries, reply = std::move(reply)](Answer<ChangeResult> result) {
            if (!result) return reply(tl::unexpected(std::move(result.error())));
            if (*result == ChangeResult::PolicyChanged && tries > 1) return store(saving, tries - 1, reply);
            if (*result != ChangeResult::Done) return reply(refuse(error_of(*result)));
            reply(QuestionsSaved{saving->change.credential});
        });
}

}  // namespace countersign::server
