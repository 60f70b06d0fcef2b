// SPDX-License-Identifier: Apache-2.0
#include "http/policy_codec.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "policies.h"

using namespace countersign::server;
using nlohmann::json;

namespace {

std::string refused(const std::string& document) {
    const auto policy = read_policy(document);
    if (policy) return "";
    CHECK(policy.error().sentence.ends_with("."));
    return policy.error().code + " " + policy.error().field;
}

/// The default document after one change.
template <class Change>
std::string changed(Change change) {
    json document = json::parse(write_policy({}));
    change(document);
    return document.dump();
}

}  // namespace

TEST_CASE("the default policy is written as it is documented [A1] [A6] [A12]", "[policy_codec]") {
    CHECK(json::parse(write_policy({})) == json::parse(R"({
        "login_methods": {"totp": true, "email": false},
        "allow_none": false, "require_setup": false,
        "forgot_phone": {"enabled": false, "alternate": "kba_email", "user_choice": false, "offered": ["kba_email"]},
        "security_codes": {"enabled": false, "kind": "static", "backup_code_hours": 24},
        "kba": {"questions": 3, "catalog": true, "own": false},
        "totp": {"past_steps": 1, "future_steps": 1},
        "email_codes": {"digits": 6, "life_seconds": 600, "tries": 5},
        "counting": {"pause_from_failure": 5, "pause_start_seconds": 30, "pause_cap_seconds": 3600,
                     "notice_at": 50, "disable_at": 100},
        "recovery_hold_hours": 24, "alternate_hold_hours": 24})"));
}

TEST_CASE("every sound policy reads back as it was, and a contradiction is refused in reading [A10]", "[policy_codec]") {
    std::size_t sound = 0;
    std::size_t wrong = 0;
    each_policy([&](const Policy& policy) {
        const auto read = read_policy(write_policy(policy));
        const auto fault = find_fault(policy);
        sound += fault ? 0U : 1U;
        if (fault) wrong += !read && read.error().code == fault->code && read.error().field == fault->field ? 0U : 1U;
        else wrong += read && *read == policy ? 0U : 1U;
    });
    CHECK(sound > 500);
    CHECK(wrong == 0);
}

TEST_CASE("each number of a policy reads back", "[policy_codec]") {
    Policy policy;
    policy.security_codes = {true, CodeKind::Both, 168};
    policy.kba = {5, false, true};
    policy.totp = {0, 1};
    policy.email_codes = {8, 61, 4};
    policy.counting = {9, 31, 86'400, 12, 21};
    policy.recovery_hold_hours = 1;
    policy.alternate_hold_hours = 2;
    policy.require_setup = true;
    CHECK(read_policy(write_policy(policy)) == policy);
}

TEST_CASE("a document is a policy whole or not at all: each missing field is named [A10]", "[policy_codec]") {
    const json document = json::parse(write_policy({}));
    std::size_t removed = 0;
    for (const auto& [name, section] : document.items()) {
        json without = document;
        without.erase(name);
        CHECK(refused(without.dump()).starts_with("policy.field_missing " + name));
        if (!section.is_object()) continue;
        for (const auto& [inner, value] : section.items()) {
            json less = document;
            less[name].erase(inner);
            CHECK(refused(less.dump()) == "policy.field_missing " + name + "." + inner);
            ++removed;
        }
    }
    CHECK(removed == 22);
}

TEST_CASE("unknown and repeated fields are refused [A10]", "[policy_codec]") {
    CHECK(refused(changed([](json& d) { d["sms"] = true; })) == "policy.field_unknown sms");
    CHECK(refused(changed([](json& d) { d["kba"]["hint"] = true; })) == "policy.field_unknown kba.hint");
    CHECK(refused(changed([](json& d) { d["sms"] = json::object(); })) == "policy.field_unknown sms");
    CHECK(refused(changed([](json& d) { d[std::string(80, 'x')] = 1; })) == "policy.field_unknown A field");
    std::string twice = write_policy({});
    twice.insert(1, "\"allow_none\":true,");
    CHECK(refused(twice) == "policy.malformed ");
    std::string inner = write_policy({});
    inner.insert(inner.find("\"questions\""), "\"questions\":1,");
    CHECK(refused(inner) == "policy.malformed ");
}

TEST_CASE("values of another kind are refused, and named by their field [A10]", "[policy_codec]") {
    const auto with = [](const char* section, const char* field, const json& value) {
        return refused(changed([&](json& d) { d[section][field] = value; }));
    };
    for (const json& value : {json(1), json("true"), json(nullptr), json::array(), json::object()})
        CHECK(with("forgot_phone", "enabled", value) == "policy.field_invalid forgot_phone.enabled");
    for (const json& value : {json(3.0), json("3"), json(true), json(nullptr), json(4'294'967'299ULL), json(-4'294'967'293LL),
                              json(18'446'744'073'709'551'615ULL)})
        CHECK(with("kba", "questions", value) == "policy.field_invalid kba.questions");
    for (const json& value : {json("KBA"), json(""), json(0), json::array({"kba"})})
        CHECK(with("forgot_phone", "alternate", value) == "policy.field_invalid forgot_phone.alternate");
    for (const json& value : {json("kba"), json::array({"sms"}), json::array({"kba", "kba"}), json::array({1}), json(nullptr)})
        CHECK(with("forgot_phone", "offered", value) == "policy.field_invalid forgot_phone.offered");
    CHECK(with("security_codes", "kind", "none") == "policy.field_invalid security_codes.kind");
    CHECK(refused(changed([](json& d) { d["kba"] = 3; })) == "policy.field_missing kba.questions");
    CHECK(with("kba", "questions", 11) == "policy.out_of_range kba.questions");
}

TEST_CASE("what is no JSON object is refused", "[policy_codec]") {
    for (const char* const text : {"", "{", "[]", "null", "3", "\"x\"", "{}x", "{'a':1}", "{\"a\":\xff}"})
        CHECK(refused(text) == "policy.malformed ");
    CHECK(refused("{}") == "policy.field_missing login_methods.totp");
    CHECK(refused(std::string(100'000, '[')) == "policy.malformed ");
}

TEST_CASE("a field has one place: its path as one name is refused, with or without the field itself [A10]", "[policy_codec]") {
    // `{"allow": {"none": ...}}` and `{"allow.none": ...}` are two documents; only one of them is a policy's.
    CHECK(refused(changed([](json& document) { document["login_methods.totp"] = false; })) ==
          "policy.field_unknown login_methods.totp");
    CHECK(refused(changed([](json& document) {
              document["counting.disable_at"] = 100;
              document["counting"].erase("disable_at");
          })) == "policy.field_unknown counting.disable_at");
    // Whoever reads the section finds email off; what stands first must not say otherwise.
    std::string hidden = write_policy({});
    hidden.insert(1, R"("login_methods.email": true, )");
    CHECK(refused(hidden) == "policy.field_unknown login_methods.email");
}
