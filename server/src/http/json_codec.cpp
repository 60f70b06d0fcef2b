// SPDX-License-Identifier: Apache-2.0
// The wire's words, kept apart from the service's structs: either may change without the other.
#include "http/json_codec.h"

#include <array>
#include <optional>

#include "app/refusal.h"
#include "http/code_codec.h"
#include "http/json_fields.h"
#include "http/mail_codec.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::string text_of(const Secret& value) { return std::string(value.text()); }

std::optional<std::string> maybe_text_of(const std::optional<Secret>& value) {
    return value ? std::optional(text_of(*value)) : std::nullopt;
}

std::string names_of(const std::vector<std::string_view>& names) {
    std::string list = "[";
    for (const std::string_view name : names) {
        if (list.size() > 1) list += ',';
        append_json_string(list, name);
    }
    return list + "]";
}

std::string_view reason_name(ConfirmReason reason) noexcept {
    switch (reason) {
        case ConfirmReason::ClockOff: return "clock_off";
        case ConfirmReason::Wait: return "wait";
        case ConfirmReason::Wrong:
        case ConfirmReason::None: break;
    }
    return "wrong";
}

}  // namespace

// Why it was not accepted is never said (R14).
std::string encode_not_accepted(int retry_after_seconds) {
    return JsonText()
        .boolean("ok", false)
        .text("code", "not_accepted")
        .number("retry_after", retry_after_seconds)
        .take();
}

Answer<OpenSessionRequest> decode_open_session(std::string& body) {
    static constexpr std::array<JsonMember, 2> kFirstFactor{{{"method"}, {"at", true}}};
    std::array<JsonField, 11> fields{{{"user"},
                                     {"purpose"},
                                     {"account", false},
                                     {"issuer", false},
                                     {"email", false},
                                     {"elevated_by", false},
                                     {"receipt_purpose", false},
                                     {"context", false},
                                     {.name = "first_factor", .required = false, .members = kFirstFactor},
                                     {.name = "scopes", .required = false, .list = true},
                                     {"challenge", false}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    const bool admin = fields[1].value->text() == "admin";  // who acts has no label
    for (const JsonField& label : {std::ref(fields[2]), std::ref(fields[3])}) {
        if (!label.value && !admin) {
            return refuse(ServerErrorCode::RequestFieldMissing, std::string(label.name) + ": is missing");
        }
    }
    OpenSessionRequest request{.user = text_of(*fields[0].value),
                               .purpose = text_of(*fields[1].value),
                               .account = maybe_text_of(fields[2].value).value_or(""),
                               .issuer = maybe_text_of(fields[3].value).value_or(""),
                               .email = maybe_text_of(fields[4].value),
                               .elevated_by = maybe_text_of(fields[5].value),
                               .receipt_purpose = maybe_text_of(fields[6].value),
                               .first_factor = {},
                               .context = maybe_text_of(fields[7].value),
                               .scopes = {},
                               .challenge = maybe_text_of(fields[10].value)};
    if (fields[9].value) {
        request.scopes.emplace();
        for (const Secret& scope : fields[9].values) request.scopes->push_back(text_of(scope));
    }
    if (!fields[8].rows.empty()) {
        const JsonRow& row = fields[8].rows.front();
        if (!row[0] || !row[1]) {
            return refuse(ServerErrorCode::RequestFieldMissing, "first_factor: needs method and at");
        }
        request.first_factor = FirstFactor{text_of(*row[0]), UnixSeconds{read_number(*row[1])}};
    }
    return request;
}

Answer<VerifyRequest> decode_verify(std::string& body) {
    std::array<JsonField, 4> fields{{{"user"}, {"method"}, {"code", false}, {"stretched", false}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    auto given = read_code(std::move(fields[2]), std::move(fields[3]));
    if (!given) {
        return tl::unexpected(given.error());
    }
    return VerifyRequest{.user = text_of(*fields[0].value),
                         .method = text_of(*fields[1].value),
                         .code = std::move(given->typed),
                         .stretched = std::move(given->stretched)};
}

Answer<std::string> decode_user(std::string& body) {
    return read_json_fields<1>(body, {"user"}).map([](auto&& fields) { return text_of(fields[0]); });
}

Answer<BeginTotpRequest> decode_begin(std::string& body) {
    std::array<JsonField, 3> fields{{{"public_key"}, {"replaces", false}, {"name", false}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    return BeginTotpRequest{.public_key = text_of(*fields[0].value),
                            .replaces = maybe_text_of(fields[1].value),
                            .name = maybe_text_of(fields[2].value)};
}

Answer<ElevateRequest> decode_elevate(std::string& body) {
    std::array<JsonField, 3> fields{{{"method"}, {"code", false}, {"stretched", false}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    auto given = read_code(std::move(fields[1]), std::move(fields[2]));
    if (!given) {
        return tl::unexpected(given.error());
    }
    return ElevateRequest{.method = text_of(*fields[0].value),
                          .code = std::move(given->typed),
                          .stretched = std::move(given->stretched)};
}

Answer<std::string> decode_remove(std::string& body) {
    return read_json_fields<1>(body, {"credential_id"}).map([](auto&& fields) { return text_of(fields[0]); });
}

Answer<ConfirmTotpRequest> decode_confirm(std::string& body) {
    auto fields = read_json_fields<2>(body, {"pending_id", "code"});
    if (!fields) {
        return tl::unexpected(fields.error());
    }
    return ConfirmTotpRequest{.pending_id = text_of((*fields)[0]), .code = std::move((*fields)[1])};
}

std::string encode_session(const OpenedSession& session) {
    JsonText json;
    json.text("token", session.token.text());
    if (!session.challenge.empty()) json.text("challenge", session.challenge);
    return json.number("expires_at", session.expires_at.value).take();
}

std::string encode_verify(const VerifyAnswer& answer) {
    if (answer.ok) {
        return R"({"ok":true})";
    }
    return encode_not_accepted(answer.retry_after_seconds);
}

std::string method_list(const std::vector<MethodState>& methods) {
    std::string list = "[";
    for (const MethodState& state : methods) {
        JsonText entry;
        entry.text("method", state.method).text("status", state.status);
        if (!state.credential_id.empty()) entry.text("credential_id", state.credential_id);
        if (!state.name.empty()) entry.text("name", state.name);
        if (state.active_since) entry.number("active_since", state.active_since->value);
        if (state.last_used) entry.number("last_used", state.last_used->value);
        if (state.remaining) entry.number("remaining", *state.remaining);
        if (state.uses_left) entry.number("uses_left", *state.uses_left);
        if (state.questions) entry.number("questions", *state.questions);
        if (state.paused_until) entry.number("paused_until", state.paused_until->value);
        if (!state.masked.empty()) entry.text("masked", state.masked);
        if (state.usable_from) entry.number("usable_from", state.usable_from->value);
        list.append(list.size() == 1 ? "" : ",").append(entry.take());
    }
    return list + "]";
}

std::string encode_methods(const std::vector<MethodState>& methods) {
    return JsonText().raw("methods", method_list(methods)).take();
}

std::string encode_own_methods(const OwnMethods& own) {
    JsonText json;
    json.raw("methods", method_list(own.methods));
    if (own.elevated_until) json.number("elevated_until", own.elevated_until->value);
    json.boolean("step_up_required", own.step_up_required)
        .raw("step_up", names_of(own.step_up))
        .boolean("recovery", own.recovery)
        .boolean("require_setup", own.require_setup)
        .boolean("allow_none", own.allow_none);
    if (own.alternates) json.raw("alternates", encode_alternates(*own.alternates));
    if (!own.primary_masked.empty()) json.text("primary_masked", own.primary_masked);
    return json.take();
}

std::string encode_elevate(const ElevateAnswer& answer) {
    if (!answer.ok) {
        return encode_not_accepted(answer.retry_after_seconds);
    }
    return JsonText()
        .boolean("ok", true)
        .number("elevated_until", answer.elevated_until.value)
        .boolean("recovery", answer.recovery)
        .take();
}

std::string encode_pending(const PendingTotp& pending) {
    return JsonText()
        .text("pending_id", pending.pending_id)
        .text("sealed", pending.sealed)
        .number("expires_at", pending.expires_at.value)
        .take();
}

std::string encode_confirm(const ConfirmAnswer& answer) {
    JsonText json;
    json.boolean("ok", answer.ok);
    if (answer.ok) {
        return json.text("credential_id", answer.credential_id).take();
    }
    json.text("code", "not_accepted").text("reason", reason_name(answer.reason));
    if (answer.reason == ConfirmReason::ClockOff) json.number("clock_off_seconds", answer.clock_off_seconds);
    if (answer.retry_after_seconds > 0) json.number("retry_after", answer.retry_after_seconds);
    return json.take();
}

}  // namespace countersign::server
