// SPDX-License-Identifier: Apache-2.0
// Every route over a real service and store, with valid tokens, so that it is more than authentication that is asked. A
// request is answered once, as the contract has it, in bounds, without what it carried of secrets.
//
// An input: which line of the contract, who calls, how the head looks; then the body, where `@NAME@` stands for what only
// a running server knows. COUNTERSIGN_FUZZ_CONTRACT names a file with a line an operation: method, path, credential,
// purpose or `-`, and every status that openapi.yaml has for it.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "http/error_map.h"
#include "require.h"
#include "route_stage.h"

using namespace countersign;
using namespace countersign::server;
using Json = nlohmann::ordered_json;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::size_t kHead = 3;
constexpr std::size_t kMostOfAnAnswer = 256 * 1024;

struct Operation {
    std::string method;
    std::string path;
    std::string credential;
    std::string purpose;
    std::set<int> statuses;
};

const std::vector<Operation>& contract() {
    static const std::vector<Operation> kAll = [] {
        const char* file = std::getenv("COUNTERSIGN_FUZZ_CONTRACT");
        std::ifstream in(file == nullptr ? "" : file);
        std::vector<Operation> all;
        for (std::string line; std::getline(in, line);) {
            std::istringstream words(line);
            Operation each;
            words >> each.method >> each.path >> each.credential >> each.purpose;
            for (int status = 0; words >> status;) each.statuses.insert(status);
            all.push_back(std::move(each));
        }
        require(!all.empty(), "COUNTERSIGN_FUZZ_CONTRACT names the contract");
        return all;
    }();
    return kAll;
}

RouteStage& stage() {
    static RouteStage stage;
    return stage;
}

std::string token_for(const Operation& operation, unsigned who) {
    switch (who % 16) {
        case 0: return {};
        case 1: return stage().token(operation.credential == "app_key" ? "session" : "app_key", "manage");
        case 2: return stage().token("session", operation.purpose == "manage" ? "challenge" : "manage");
        case 3: return "cs_ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        default: return stage().token(operation.credential, operation.purpose);
    }
}

HttpRequest make_request(const Operation& operation, unsigned who, unsigned manner, std::string body) {
    HttpRequest request;
    request.method = manner % 32 == 1 ? "PUT" : operation.method;
    request.path = manner % 32 == 2 ? operation.path + "/" : operation.path;
    request.content_type = manner % 32 == 3 ? "text/plain" : "application/json";
    if (manner % 32 == 4) request.origin = "https://shop.example";
    if (manner % 32 == 5) request.origin = "https://evil.example";
    request.authorization_repeated = manner % 32 == 6;
    request.host = "bank.example";
    request.client_address = "192.0.2.1";
    if (const std::string token = token_for(operation, who); !token.empty()) request.authorization = "Bearer " + token;
    request.body = std::move(body);
    return request;
}

int status_of(std::string_view code) {
    for (int i = 0; i < kServerErrorCodeCount; ++i) {
        const auto each = static_cast<ServerErrorCode>(i);
        if (server_error_name(each) == code) return http_status(each);
    }
    return code.starts_with("policy.") ? 422 : 0;
}

void check_problem(const HttpResponse& answer) {
    require(answer.content_type == "application/problem+json", "a refusal is a problem document");
    const auto document = Json::parse(answer.body, nullptr, false);
    require(document.is_object() && document.value("status", 0) == answer.status, "a problem document says its status");
    const int status = status_of(document.value("code", std::string()));
    require(status == answer.status, "a code of the table, with its status");
    require(document.value("instance", std::string()) == "urn:countersign:request:fuzz", "and which request it is about");
}

/// What of a request must not come back in a refusal: its token and the codes and answers in its body.
void check_secrets(const std::string& authorization, const std::string& body, const HttpResponse& answer) {
    if (authorization.size() > 20) require(answer.body.find(authorization.substr(7)) == std::string::npos, "no token comes back");
    const auto sent = Json::parse(body, nullptr, false);
    if (!sent.is_object()) return;
    for (const char* name : {"code", "stretched", "receipt"}) {
        const auto found = sent.find(name);
        if (found == sent.end() || !found->is_string()) continue;
        const std::string value = *found;
        const bool telling = value.size() >= 6 && std::any_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (telling && answer.status >= 400) require(answer.body.find(value) == std::string::npos, "no code comes back");
    }
}

// What a body is made of. Integers at their edges, texts of every length and script, and what a server has given out.
const std::array<Json, 26> kValues{
    nullptr, true, false, 0, -1, 1, 30, 4294967296, -9223372036854775807LL - 1, 9223372036854775807LL, 18446744073709551615ULL,
    1.5, 1e308, "", "@USER@", "@CODE@", "@MAILCODE@", "@CHALLENGE@", "@RECEIPT@", "@PENDING@", "@CREDENTIAL@", "@BACKUP@", "@KEY@",
    "\xc3\xa9\xe2\x80\xae", Json::array(), Json::object()};

void nodes_of(Json& node, std::vector<Json*>& all) {
    all.push_back(&node);
    if (!node.is_structured()) return;
    for (auto& each : node) nodes_of(each, all);
}

void change(Json& body, std::minstd_rand& chance) {
    std::vector<Json*> nodes;
    nodes_of(body, nodes);
    Json& node = *nodes[chance() % nodes.size()];
    const Json value = kValues[chance() % kValues.size()];
    switch (chance() % 8) {
        case 0: node = *nodes[chance() % nodes.size()]; break;  // a copy of what stands elsewhere
        case 1: if (node.is_object() && !node.empty()) node.erase(std::next(node.begin(), static_cast<long>(chance() % node.size())).key()); break;
        case 2: if (node.is_object()) node["more"] = value; break;
        case 3: if (node.is_array()) node.push_back(node.empty() ? value : node[chance() % node.size()]); break;
        case 4: if (node.is_array() && !node.empty()) node.erase(chance() % node.size()); break;
        case 5: if (node.is_string()) node = node.get<std::string>() + std::string(1 + chance() % 300, 'x'); break;
        case 6: if (node.is_number_integer()) node = node.get<std::int64_t>() ^ (std::int64_t{1} << (chance() % 62)); break;
        default: node = value;
    }
}

}  // namespace

/// Half of the time a body is changed as JSON, else as bytes; its head now and then.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    std::minstd_rand chance(seed + 1);
    if (size < kHead || chance() % 16 == 0 || most <= kHead) return LLVMFuzzerMutate(data, size, most);
    if (chance() % 4 == 0) data[1 + chance() % 2] = static_cast<std::uint8_t>(chance());
    if (chance() % 64 == 0) data[0] = static_cast<std::uint8_t>(chance());
    auto body = Json::parse(text_of(data + kHead, size - kHead), nullptr, false);
    if (chance() % 2 == 0 || body.is_discarded()) return kHead + LLVMFuzzerMutate(data + kHead, size - kHead, most - kHead);
    for (unsigned i = 1 + static_cast<unsigned>(chance() % 3); i != 0; --i) change(body, chance);
    const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > most - kHead) return size;
    std::memcpy(data + kHead, text.data(), text.size());
    return kHead + text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < kHead) return 0;
    const Operation& operation = contract()[data[0] % contract().size()];
    stage().pass();
    const std::string body = stage().filled_in(std::string(text_of(data + kHead, size - kHead)));
    HttpRequest request = make_request(operation, data[1], data[2], body);
    const bool as_written = request.method == operation.method && request.path == operation.path;
    const std::string authorization = request.authorization;
    const HttpResponse answer = stage().ask(std::move(request));

    require(answer.status < 500 || answer.status == 503, "no other 5xx than 503");
    require(answer.status >= 200 && (!as_written || operation.statuses.contains(answer.status)), "a status of the contract");
    require(as_written || answer.status == 404 || answer.status == 405, "no such route");
    require(answer.body.size() <= kMostOfAnAnswer, "an answer has bounds");
    if (answer.status >= 400 && !answer.body.empty()) check_problem(answer);
    if (answer.status < 300) require(answer.body.empty() || Json::accept(answer.body), "an answer is JSON");
    check_secrets(authorization, body, answer);
    stage().learn(operation.path, answer);
    return 0;
}
