// SPDX-License-Identifier: Apache-2.0
// Bodies of requests: what is accepted says the same to a second reader, survives being written again, and
// nothing of a body stays behind.
#include "http/json_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "require.h"

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr std::array<std::string_view, 3> kNames{"user", "code", "label"};

std::string written(const std::array<Secret, kNames.size()>& values) {
    nlohmann::json body;
    for (std::size_t i = 0; i < kNames.size(); ++i) body[std::string(kNames[i])] = std::string(values[i].text());
    return body.dump();
}

void check_second_reader(const std::string& text, const std::array<Secret, kNames.size()>& values) {
    const auto body = nlohmann::json::parse(text, nullptr, false);
    require(body.is_object() && body.size() == kNames.size(), "a second reader sees one object of these fields");
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const auto field = body.find(std::string(kNames[i]));
        require(field != body.end() && field->is_string() && field->get<std::string>() == values[i].text(),
                "a second reader sees the same value");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(text_of(data, size));
    std::string body = text;
    const auto values = read_json_fields(body, kNames);
    require(std::all_of(body.begin(), body.end(), [](char c) { return c == 0; }), "the body is wiped");
    if (!values) {
        const ServerErrorCode code = values.error().code;
        require(code == ServerErrorCode::RequestMalformed || code == ServerErrorCode::RequestFieldMissing ||
                    code == ServerErrorCode::RequestFieldInvalid || code == ServerErrorCode::RequestFieldUnknown,
                "a refusal has one of four reasons");
        constexpr auto kNeverThrow = nlohmann::json::error_handler_t::ignore;
        const std::string sent = nlohmann::json(values.error().detail).dump(-1, ' ', false, kNeverThrow);
        require(nlohmann::json::parse(sent, nullptr, false) == values.error().detail, "and its text can be sent");
        return 0;
    }
    check_second_reader(text, *values);
    std::string again = written(*values);
    const auto reread = read_json_fields(again, kNames);
    require(reread.has_value(), "what is written is accepted");
    for (std::size_t i = 0; i < kNames.size(); ++i)
        require(same((*reread)[i].bytes(), (*values)[i].bytes()), "and read the same");
    return 0;
}
