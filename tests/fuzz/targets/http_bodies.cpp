// SPDX-License-Identifier: Apache-2.0
// The body of every route that takes one, lists of objects included: a refusal can be sent, and nothing of a body
// stays behind. The first byte says which route.
#include "http/admin_codec.h"
#include "http/challenge_codec.h"
#include "http/code_codec.h"
#include "http/error_map.h"
#include "http/json_codec.h"
#include "http/mail_codec.h"
#include "http/policy_codec.h"
#include "http/question_codec.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "require.h"

using namespace countersign;
using namespace countersign::server;

namespace {

void check(const ServerError& error) {
    require(http_status(error.code) >= 400 && http_status(error.code) < 500, "a body is the caller's fault");
    const HttpResponse answer = problem(error);
    const auto document = nlohmann::json::parse(answer.body, nullptr, false);
    require(document.is_object() && document.at("status") == answer.status, "a problem document says its status");
}

template <class T>
bool decodes(const Answer<T>& decoded) {
    if (!decoded) check(decoded.error());
    return decoded.has_value();
}

template <auto decode>
bool reads(std::string& body) {
    return decodes(decode(body));
}

constexpr std::array kDecoders{
    &reads<decode_unlock>,        &reads<decode_admin_code>,      &reads<decode_audit>,    &reads<decode_forgot>,
    &reads<decode_mail>,          &reads<decode_challenge_answer>, &reads<decode_redeem>,  &reads<decode_code_set>,
    &reads<decode_open_session>,  &reads<decode_verify>,          &reads<decode_user>,     &reads<decode_begin>,
    &reads<decode_elevate>,       &reads<decode_remove>,          &reads<decode_confirm>,  &reads<decode_nothing>,
    &reads<decode_address>,       &reads<decode_alternates>,      &reads<decode_confirm_address>, &reads<decode_questions>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(text_of(data + 1, size - 1));
    std::string body = text;
    const bool taken = kDecoders[data[0] % kDecoders.size()](body);
    require(std::all_of(body.begin(), body.end(), [](char c) { return c == 0; }), "the body is wiped");
    if (taken) {
        const auto document = nlohmann::json::parse(text, nullptr, false);
        require(document.is_object(), "a second reader sees one object");
    }
    return 0;
}
