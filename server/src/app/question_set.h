// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/challenge_ways.h"
#include "countersign/secret.h"

namespace countersign::server {

/// What is kept sealed of a user's questions (R20): everything but the answers.
struct QuestionSet {
    std::string unicode_version;  ///< by which the answers were folded
    Secret salt;                  ///< 16 random bytes, of this set alone
    std::vector<AskedQuestion> questions;  ///< in the order in which they are asked; text empty: of the catalog
};

/// As bytes: texts one after the other, each behind its length in 4 bytes, little-endian.
[[nodiscard]] Secret write_question_set(const QuestionSet& set);
/// Nothing when the bytes are none.
[[nodiscard]] std::optional<QuestionSet> read_question_set(SecretView bytes);

}  // namespace countersign::server
