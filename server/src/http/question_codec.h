// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/questions.h"
#include "http/exchange.h"

namespace countersign::server {

/// Wipes the body. Errors: those of `read_json_fields`.
[[nodiscard]] Answer<std::vector<ChosenQuestion>> decode_questions(std::string& body);

[[nodiscard]] std::string encode_question_offer(const QuestionOffer& offer);
[[nodiscard]] std::string encode_questions_saved(const QuestionsSaved& saved);
/// 422 with the index of the question.
[[nodiscard]] HttpResponse question_problem(const QuestionRefusal& refusal);

}  // namespace countersign::server
