// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/question_store.h"
#include "store/counting.h"
#include "store/database.h"

// Security questions (R24): a set is one row of `credential`, which counts, gates and holds the one digest of all its
// answers. Writes run in a transaction of the caller's; all throw SQLite::Exception.

namespace countersign::server {

[[nodiscard]] std::optional<QuestionSetRecord> find_question_set(Database& database, const std::string& realm,
                                                                 const std::string& user, UnixSeconds floor);

/// Done, SessionGone, StepUpRequired, RecoveryOnly, NoMethod or PolicyChanged.
[[nodiscard]] ChangeResult replace_questions(Database& database, const QuestionSetChange& change, UnixSeconds floor);

/// The deciding statement on answers (R8, R9). The last of three uses, or one while a second factor of the user is
/// disabled, is the set's last.
/// @param floor  from this transaction's own reading of the state row (R17)
/// @param only   `Yes`: the count without what else belongs to it, after that has failed (R10)
[[nodiscard]] LoginDecision decide_answers(Database& database, const AnswerAttempt& attempt, UnixSeconds floor,
                                           CountOnly only = CountOnly::No);

}  // namespace countersign::server
