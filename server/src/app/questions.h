// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/admission.h"
#include "app/challenge_ways.h"
#include "app/kba.h"
#include "app/keys.h"
#include "app/log.h"
#include "app/policies.h"
#include "app/question_set.h"
#include "app/service.h"
#include "app/store.h"
#include "app/stretch_allowance.h"
#include "app/stretch_pool.h"

namespace countersign::server {

/// What a page needs to let a user choose questions (U7).
struct QuestionOffer {
    std::vector<AskedQuestion> catalog;  ///< empty where the policy has only the users' own
    int needed = 0;                      ///< so many of them, no more and no less
    bool own = false;                    ///< a user may write some
};

/// One question of a new set with its answer: of the catalog by `id`, or the user's own by `text`.
struct ChosenQuestion {
    std::optional<std::string> id;
    std::optional<std::string> text;  ///< 8 to 128 bytes of printable UTF-8
    Secret answer;
};

/// Why a new set was not saved: told to its owner while he sets it up (R14a).
struct QuestionRefusal {
    std::size_t index = 0;      ///< of the question, from 0
    std::string_view code;      ///< `kba.*`
    std::string_view sentence;
};

struct QuestionsSaved {
    std::string credential_id;
    std::optional<QuestionRefusal> refusal{};  ///< nothing was saved
};

/// The use cases of security questions (U7, A2, A3, R24), on what a service has. All of it outlives this.
class Questions final : public QuestionWay {
  public:
    struct Workshop {
        const Keys& keys;
        Store& store;
        Admission& admission;
        Log& log;
        StretchPool& pool;  ///< which security codes stand in line for, too
        std::function<Answer<UnixSeconds>()> time_for_codes;
        std::function<Answer<PolicyInForce>(const std::string& realm)> policy_of;
    };
    explicit Questions(Workshop workshop) : with_(std::move(workshop)) {}

    /// Errors: `policy.not_allowed`, `server.unavailable`.
    [[nodiscard]] Answer<QuestionOffer> offer(const SessionCaller& caller);
    /// Makes these the user's questions; the old ones are void from the same moment.
    /// Errors: `policy.not_allowed`, `method.none`, `auth.step_up_required`, `auth.recovery_only`, `auth.invalid`,
    /// `admission.busy`, `clock.unreliable`, `server.unavailable`.
    void save(const SessionCaller& caller, std::vector<ChosenQuestion> chosen, Reply<QuestionsSaved> reply);
    void try_answers(QuestionAttempt attempt, Reply<LoginDecision> reply) override;
    [[nodiscard]] Answer<std::vector<AskedQuestion>> questions_of(const std::string& realm,
                                                                  const std::string& user) override;
    /// Nothing when the user has none and the policy asks for none.
    [[nodiscard]] Answer<std::optional<MethodState>> state_of(const std::string& realm, const std::string& user);

  private:
    struct Saving;
    struct Trial;

    /// Nothing when it does not open, which is logged.
    [[nodiscard]] std::optional<QuestionSet> open_set(const std::string& realm, const std::string& user,
                                                      const QuestionSetRecord& record);
    [[nodiscard]] KbaOwner owner_of(const SessionCaller& caller, std::vector<std::string>& addresses) const;
    [[nodiscard]] Answer<void> may_save(const SessionCaller& caller, UnixSeconds now);
    [[nodiscard]] Answer<std::optional<QuestionRefusal>> judge(const Saving& saving, PolicyInForce& by);
    void stretch_and_store(const std::shared_ptr<Saving>& saving, Reply<QuestionsSaved> reply);
    void store(const std::shared_ptr<Saving>& saving, int tries, Reply<QuestionsSaved> reply);
    [[nodiscard]] Answer<std::shared_ptr<Trial>> prepare(QuestionAttempt& given, UnixSeconds now);
    void decide(const std::shared_ptr<Trial>& trial, int tries, Reply<LoginDecision> reply);

    Workshop with_;
    StretchAllowance allowance_;
};

}  // namespace countersign::server
