// SPDX-License-Identifier: Apache-2.0
#include "http/challenge_codec.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "app/base64url.h"
#include "app/refusal.h"
#include "http/code_codec.h"
#include "http/json_codec.h"
#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::string text_of(const Secret& value) { return std::string(value.text()); }

std::string list_of(const std::vector<std::string_view>& words) {
    std::string list = "[";
    for (const std::string_view word : words) {
        list.append(list.size() == 1 ? "" : ",");
        append_json_string(list, word);
    }
    return list + "]";
}

std::vector<std::string_view> names_of(ProofSet proofs) {
    std::vector<std::string_view> names;
    for (int i = 0; i < kProofCount; ++i) {
        if (proofs.has(static_cast<Proof>(i))) names.push_back(proof_name(static_cast<Proof>(i)));
    }
    return names;
}

std::string questions_of(const std::vector<AskedQuestion>& questions) {
    std::string list = "[";
    for (const AskedQuestion& question : questions) {
        list.append(list.size() == 1 ? "" : ",");
        list.append(JsonText().text("id", question.id).text("text", question.text).take());
    }
    return list + "]";
}

void write_view(JsonText& json, const ChallengeView& view) {
    json.text("challenge", view.id)
        .text("state", view.state)
        .raw("accepts", list_of(view.accepts))
        .boolean("forgot_phone", !view.alternates.empty())
        .raw("alternates", list_of(view.alternates))
        .raw("proven", list_of(names_of(view.proven)))
        .number("code_digits", view.code_digits);
    if (view.email) json.raw("email", JsonText().text("masked", *view.email).take());
    if (view.alternate_email) json.raw("alternate_email", JsonText().text("masked", *view.alternate_email).take());
    if (!view.questions.empty()) json.raw("questions", questions_of(view.questions));
    if (view.salt) json.text("salt", encode_base64url(view.salt->bytes()));
    if (view.receipt) json.text("receipt", view.receipt->text());
    json.number("expires_at", view.expires_at.value);
}

/// The answers to security questions: each with its id, none twice.
Answer<std::vector<GivenAnswer>> read_answers(std::vector<JsonRow>&& rows) {
    std::vector<GivenAnswer> answers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i][0] || !rows[i][1]) return refuse(ServerErrorCode::RequestFieldMissing, "answers: each needs id and answer");
        answers.push_back({text_of(*rows[i][0]), std::move(*rows[i][1])});
    }
    return answers;
}

}  // namespace

Answer<Alternate> decode_forgot(std::string& body) {
    const auto fields = read_json_fields<1>(body, {"alternate"});
    if (!fields) return tl::unexpected(fields.error());
    const auto alternate = parse_alternate((*fields)[0].text());
    if (!alternate) return refuse(ServerErrorCode::RequestFieldInvalid, "alternate: kba, kba_email or email");
    return *alternate;
}

Answer<std::string> decode_mail(std::string& body) {
    return read_json_fields<1>(body, {"method"}).map([](auto&& fields) { return text_of(fields[0]); });
}

Answer<ChallengeAnswer> decode_challenge_answer(std::string& body) {
    static constexpr std::array<JsonMember, 2> kAnswer{{{"id"}, {"answer"}}};
    std::array<JsonField, 5> fields{{{"attempt_id"},
                                     {"method"},
                                     {"code", false},
                                     {"stretched", false},
                                     {.name = "answers", .required = false, .list = true, .members = kAnswer}}};
    if (auto read = read_json_fields(body, fields); !read) return tl::unexpected(read.error());
    ChallengeAnswer given{.attempt_id = text_of(*fields[0].value), .method = text_of(*fields[1].value)};
    const bool answers = fields[4].value.has_value();
    if (answers != (given.method == "kba")) {
        return answers ? refuse(ServerErrorCode::RequestFieldInvalid, "answers: are for method kba")
                       : refuse(ServerErrorCode::RequestFieldMissing, "answers: is missing");
    }
    if (answers) {
        if (fields[2].value || fields[3].value) {
            return refuse(ServerErrorCode::RequestFieldInvalid, "code: not together with answers");
        }
        auto read = read_answers(std::move(fields[4].rows));
        if (!read) return tl::unexpected(std::move(read.error()));
        given.answers = std::move(*read);
        return given;
    }
    auto code = read_code(std::move(fields[2]), std::move(fields[3]));
    if (!code) return tl::unexpected(std::move(code.error()));
    if (code->stretched && given.method != "security_code") {
        return refuse(ServerErrorCode::RequestFieldInvalid, "stretched: is a form of security codes alone");
    }
    given.code = std::move(code->typed);
    given.stretched = std::move(code->stretched);
    return given;
}

Answer<RedeemRequest> decode_redeem(std::string& body) {
    auto fields = read_json_fields<4>(body, {"receipt", "challenge", "user", "purpose"});
    if (!fields) return tl::unexpected(fields.error());
    return RedeemRequest{std::move((*fields)[0]), text_of((*fields)[1]), text_of((*fields)[2]), text_of((*fields)[3])};
}

std::string encode_challenge(const ChallengeView& view) {
    JsonText json;
    write_view(json, view);
    return json.take();
}

std::string encode_challenge_answered(const ChallengeAnswered& answered) {
    if (!answered.ok) return encode_not_accepted(answered.retry_after_seconds);
    JsonText json;
    json.boolean("ok", true);
    write_view(json, *answered.view);
    return json.take();
}

std::string encode_mail_ordered(const MailOrdered& ordered) {
    if (!ordered.ok) return encode_not_accepted(ordered.retry_after_seconds);
    return JsonText()
        .boolean("ok", true)
        .text("masked", ordered.masked)
        .number("expires_at", ordered.expires_at.value)
        .number("resend_after", ordered.resend_after_seconds)
        .take();
}

std::string encode_redeemed(const Redeemed& redeemed) {
    if (!redeemed.ok) return R"({"ok":false,"code":"not_accepted"})";
    return JsonText()
        .boolean("ok", true)
        .raw("methods", list_of(names_of(redeemed.content.methods)))
        .boolean("fallback", redeemed.content.fallback)
        .boolean("recovery", redeemed.content.recovery)
        .text("context", redeemed.context)
        .take();
}

}  // namespace countersign::server
