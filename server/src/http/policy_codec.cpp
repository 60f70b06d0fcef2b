// SPDX-License-Identifier: Apache-2.0
#include "http/policy_codec.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/policy_weakening.h"

namespace countersign::server {
namespace {

using json = nlohmann::ordered_json;

constexpr std::array<Alternate, kAlternateCount> kAlternates{Alternate::Kba, Alternate::KbaEmail, Alternate::Email};

constexpr std::size_t kMaxToldBytes = 64;

/// Every field of the document with its place, in its order: the one list that reading and writing share.
template <class AnyPolicy, class Visit>
void each_field(AnyPolicy& policy, Visit visit) {
    visit("login_methods.totp", policy.login_methods.totp);
    visit("login_methods.email", policy.login_methods.email);
    visit("allow_none", policy.allow_none);
    visit("require_setup", policy.require_setup);
    visit("forgot_phone.enabled", policy.forgot_phone.enabled);
    visit("forgot_phone.alternate", policy.forgot_phone.alternate);
    visit("forgot_phone.user_choice", policy.forgot_phone.user_choice);
    visit("forgot_phone.offered", policy.forgot_phone.offered);
    visit("security_codes.enabled", policy.security_codes.enabled);
    visit("security_codes.kind", policy.security_codes.kind);
    visit("security_codes.backup_code_hours", policy.security_codes.backup_code_hours);
    visit("kba.questions", policy.kba.questions);
    visit("kba.catalog", policy.kba.catalog);
    visit("kba.own", policy.kba.own);
    visit("totp.past_steps", policy.totp.past_steps);
    visit("totp.future_steps", policy.totp.future_steps);
    visit("email_codes.digits", policy.email_codes.digits);
    visit("email_codes.life_seconds", policy.email_codes.life_seconds);
    visit("email_codes.tries", policy.email_codes.tries);
    visit("counting.pause_from_failure", policy.counting.pause_from_failure);
    visit("counting.pause_start_seconds", policy.counting.pause_start_seconds);
    visit("counting.pause_cap_seconds", policy.counting.pause_cap_seconds);
    visit("counting.notice_at", policy.counting.notice_at);
    visit("counting.disable_at", policy.counting.disable_at);
    visit("recovery_hold_hours", policy.recovery_hold_hours);
    visit("alternate_hold_hours", policy.alternate_hold_hours);
}

json value_of(bool value) { return value; }
json value_of(int value) { return value; }
json value_of(Alternate value) { return alternate_name(value); }
json value_of(CodeKind value) { return code_kind_name(value); }
json value_of(AlternateSet value) {
    json names = json::array();
    for (const Alternate each : kAlternates)
        if (value.has(each)) names.push_back(alternate_name(each));
    return names;
}

// Each reads one value, and says what it should have been where it is not.

std::optional<std::string_view> read(const json& value, bool& out) {
    if (!value.is_boolean()) return "is true or false";
    out = value.get<bool>();
    return std::nullopt;
}

std::optional<std::string_view> read(const json& value, int& out) {
    constexpr std::string_view kExpected = "is a whole number";
    if (!value.is_number_integer()) return kExpected;
    const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<int>::max();
    if (too_large || value.get<std::int64_t>() < std::numeric_limits<int>::min()) return kExpected;
    out = value.get<int>();
    return std::nullopt;
}

std::optional<std::string_view> read(const json& value, Alternate& out) {
    const auto alternate = value.is_string() ? parse_alternate(value.get_ref<const std::string&>()) : std::nullopt;
    if (!alternate) return "is kba, kba_email or email";
    out = *alternate;
    return std::nullopt;
}

std::optional<std::string_view> read(const json& value, CodeKind& out) {
    const auto kind = value.is_string() ? parse_code_kind(value.get_ref<const std::string&>()) : std::nullopt;
    if (!kind) return "is static, backup or both";
    out = *kind;
    return std::nullopt;
}

std::optional<std::string_view> read(const json& value, AlternateSet& out) {
    constexpr std::string_view kExpected = "is a list of kba, kba_email and email, each at most once";
    if (!value.is_array()) return kExpected;
    AlternateSet members;
    for (const json& each : value) {
        Alternate alternate{};
        if (read(each, alternate) || members.has(alternate)) return kExpected;
        members.add(alternate);
    }
    out = members;
    return std::nullopt;
}

PolicyRefusal refusal(std::string_view code, std::string_view field, std::string_view what) {
    std::string sentence(field.empty() ? "The document" : field);
    sentence.append(" ").append(what).append(".");
    return {std::string(code), std::string(field), std::move(sentence)};
}

/// Parses, and finds a name that stands twice in one object, of which the library would keep the last.
std::optional<json> parse_strictly(std::string_view document) {
    std::vector<std::set<std::string>> names;
    bool repeated = false;
    const auto watch = [&](int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key) repeated |= !names.back().insert(parsed.get<std::string>()).second;
        return true;
    };
    json parsed = json::parse(document, watch, false);
    if (parsed.is_discarded() || repeated || !parsed.is_object()) return std::nullopt;
    return parsed;
}

/// A name from outside: what is quoted of it is bounded.
PolicyRefusal unknown_field(std::string_view name) {
    return refusal("policy.field_unknown", name.size() <= kMaxToldBytes ? name : "A field", "is not a field of a policy");
}

/// A name that reads like the place of a field in a section, and would stand in for it.
std::optional<std::string> find_dotted_name(const json& document) {
    for (const auto& [name, section] : document.items())
        if (name.find('.') != std::string::npos) return name;
    return std::nullopt;
}

/// The fields of the sections by their places. A section that is empty or no object stands as itself.
std::map<std::string, json> places_of(const json& document) {
    std::map<std::string, json> places;
    for (const auto& [name, section] : document.items()) {
        if (!section.is_object() || section.empty()) {
            places.emplace(name, section);
            continue;
        }
        for (const auto& [inner, value] : section.items()) places.emplace(name + "." + inner, value);
    }
    return places;
}

json document_of(const Policy& policy) {
    json document = json::object();
    each_field(policy, [&document](std::string_view place, const auto& field) {
        const std::size_t dot = place.find('.');
        if (dot == std::string_view::npos) document[std::string(place)] = value_of(field);
        else document[std::string(place.substr(0, dot))][std::string(place.substr(dot + 1))] = value_of(field);
    });
    return document;
}

/// In the order of the document.
std::vector<json> values_of(const Policy& policy) {
    std::vector<json> values;
    each_field(policy, [&](std::string_view, const auto& field) { values.push_back(value_of(field)); });
    return values;
}

/// The policy with one field, counted in the order of the document, of another one.
Policy with_field(Policy policy, std::size_t wanted, const json& value) {
    std::size_t at = 0;
    each_field(policy, [&](std::string_view, auto& field) {
        if (at++ == wanted) static_cast<void>(read(value, field));  // one that a policy had
    });
    return policy;
}

}  // namespace

std::string write_policy(const Policy& policy) { return document_of(policy).dump(); }

std::vector<PolicyDifference> compare_policies(const Policy& before, const Policy& after) {
    const std::vector<json> old_values = values_of(before);
    const std::vector<json> new_values = values_of(after);
    std::vector<PolicyDifference> differences;
    std::size_t at = 0;
    each_field(before, [&](std::string_view place, const auto&) {
        const std::size_t field = at++;
        if (old_values[field] == new_values[field]) return;
        const bool alone = weakens(before, with_field(before, field, new_values[field]));
        const bool beside = weakens(with_field(after, field, old_values[field]), after);
        differences.push_back({std::string(place), old_values[field].dump(), new_values[field].dump(), alone || beside});
    });
    return differences;
}

std::string write_policy_lines(const Policy& policy) { return document_of(policy).dump(2) + "\n"; }

static tl::expected<Policy, PolicyRefusal> policy_from(const json& document) {
    if (const auto dotted = find_dotted_name(document)) return tl::unexpected(unknown_field(*dotted));
    auto places = places_of(document);
    Policy policy;
    std::optional<PolicyRefusal> wrong;
    each_field(policy, [&](std::string_view place, auto& field) {
        if (wrong) return;
        const auto found = places.find(std::string(place));
        if (found == places.end()) {
            wrong = refusal("policy.field_missing", place, "is missing");
        } else if (const auto expected = read(found->second, field)) {
            wrong = refusal("policy.field_invalid", place, *expected);
        } else {
            places.erase(found);
        }
    });
    if (wrong) return tl::unexpected(std::move(*wrong));
    if (!places.empty()) return tl::unexpected(unknown_field(places.begin()->first));
    if (const auto fault = find_fault(policy))
        return tl::unexpected(PolicyRefusal{std::string(fault->code), std::string(fault->field), std::string(fault->sentence)});
    return policy;
}

tl::expected<Policy, PolicyRefusal> read_policy(std::string_view document) {
    const auto parsed = parse_strictly(document);
    if (!parsed)
        return tl::unexpected(refusal("policy.malformed", "", "is not one JSON object in UTF-8 without repeated names"));
    return policy_from(*parsed);
}

PolicySaveRead decode_policy_save(std::string& body) {
    auto parsed = parse_strictly(body);
    wipe_memory(body.data(), body.size());
    if (!parsed) return ServerError{ServerErrorCode::RequestMalformed, "the body is not one JSON object in UTF-8 without repeated names"};
    for (const auto& [name, value] : parsed->items()) {
        if (name == "version" || name == "policy" || name == "code") continue;
        return ServerError{ServerErrorCode::RequestFieldUnknown, "a field that is not version, policy or code"};
    }
    PolicySave save;
    if (const auto code = parsed->find("code"); code != parsed->end()) {
        if (!code->is_string()) return ServerError{ServerErrorCode::RequestFieldInvalid, "code: has to be a string"};
        auto& text = code->get_ref<std::string&>();
        save.code = Secret(std::string_view(text));
        wipe_memory(text.data(), text.size());
    }
    for (const char* const name : {"version", "policy"}) {
        if (!parsed->contains(name))
            return ServerError{ServerErrorCode::RequestFieldMissing, std::string(name) + ": is missing"};
    }
    const json& version = (*parsed)["version"];
    if (!version.is_number_unsigned() || version > std::numeric_limits<std::int64_t>::max())
        return ServerError{ServerErrorCode::RequestFieldInvalid, "version: the number of the version it was made from"};
    save.version = version.get<std::int64_t>();
    const json& document = (*parsed)["policy"];
    if (!document.is_object()) return refusal("policy.malformed", "", "has to be an object");
    auto policy = policy_from(document);
    if (!policy) return policy.error();
    save.policy = *policy;
    return save;
}

PolicyForm json_policy_form() noexcept {
    return {write_policy, [](std::string_view document) -> std::optional<Policy> {
                auto policy = read_policy(document);
                if (!policy) return std::nullopt;
                return *policy;
            }};
}

}  // namespace countersign::server
