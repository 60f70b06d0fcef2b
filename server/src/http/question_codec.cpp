// SPDX-License-Identifier: Apache-2.0
#include "http/question_codec.h"

#include <array>
#include <optional>
#include <utility>

#include "app/refusal.h"
#include "http/error_map.h"
#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::optional<std::string> maybe_text_of(const std::optional<Secret>& value) {
    return value ? std::optional(std::string(value->text())) : std::nullopt;
}

}  // namespace

Answer<std::vector<ChosenQuestion>> decode_questions(std::string& body) {
    static constexpr std::array<JsonMember, 3> kQuestion{{{"id"}, {"text"}, {"answer"}}};
    std::array<JsonField, 1> fields{{{.name = "questions", .list = true, .members = kQuestion}}};
    if (auto read = read_json_fields(body, fields); !read) return tl::unexpected(read.error());
    std::vector<ChosenQuestion> chosen;
    for (JsonRow& row : fields[0].rows) {
        if (row[0].has_value() == row[1].has_value()) {
            return refuse(ServerErrorCode::RequestFieldInvalid, "questions: each needs id or text, not both");
        }
        if (!row[2]) return refuse(ServerErrorCode::RequestFieldMissing, "questions: each needs an answer");
        chosen.push_back({maybe_text_of(row[0]), maybe_text_of(row[1]), std::move(*row[2])});
    }
    return chosen;
}

std::string encode_question_offer(const QuestionOffer& offer) {
    std::string list = "[";
    for (const AskedQuestion& question : offer.catalog) {
        list.append(list.size() == 1 ? "" : ",");
        list.append(JsonText().text("id", question.id).text("text", question.text).take());
    }
    return JsonText()
        .raw("questions", list + "]")
        .number("needed", offer.needed)
        .boolean("own", offer.own)
        .boolean("catalog", !offer.catalog.empty())
        .take();
}

std::string encode_questions_saved(const QuestionsSaved& saved) {
    return JsonText().boolean("ok", true).text("credential_id", saved.credential_id).take();
}

HttpResponse question_problem(const QuestionRefusal& refusal) {
    JsonText more;
    more.number("index", static_cast<std::int64_t>(refusal.index));
    return unprocessable(refusal.code, refusal.sentence, std::move(more));
}

}  // namespace countersign::server
