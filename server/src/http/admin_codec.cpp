// SPDX-License-Identifier: Apache-2.0
#include "http/admin_codec.h"

#include <array>
#include <span>
#include <utility>

#include "app/audit_erasure.h"
#include "app/refusal.h"
#include "http/json_codec.h"
#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::string text_of(const Secret& value) { return std::string(value.text()); }

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

std::string record_json(const AuditRow& row, bool told) {
    JsonText json;
    if (row.number) json.number("number", *row.number).text("hash", hexadecimal(row.record_hash));
    if (!told) return json.take();
    return json.number("time", row.at.value)
        .text("nonce", hexadecimal(row.nonce))
        .text("event", row.event)
        .text("realm", row.realm)
        .text("user", row.user)
        .text("method", row.method)
        .text("credential", row.credential)
        .text("detail", row.detail)
        .take();
}

}  // namespace

Answer<UnlockRequest> decode_unlock(std::string& body) {
    const auto fields = read_json_fields<2>(body, {"user", "credential_id"});
    if (!fields) return tl::unexpected(fields.error());
    return UnlockRequest{text_of((*fields)[0]), text_of((*fields)[1])};
}

Answer<AdminCodeRequest> decode_admin_code(std::string& body) {
    auto fields = read_json_fields<3>(body, {"user", "reason", "code"});
    if (!fields) return tl::unexpected(fields.error());
    return AdminCodeRequest{text_of((*fields)[0]), text_of((*fields)[1]), std::move((*fields)[2])};
}

Answer<std::optional<std::int64_t>> decode_audit(std::string& body) {
    std::array<JsonField, 1> fields{{{.name = "after", .required = false, .number = true}}};
    if (auto read = read_json_fields(body, fields); !read) return tl::unexpected(read.error());
    if (!fields[0].value) return std::nullopt;
    const std::int64_t after = read_number(*fields[0].value);
    if (after < 0) return refuse(ServerErrorCode::RequestFieldInvalid, "after: the number of a record");
    return after;
}

std::string encode_saved_policy(const SavedPolicy& saved) {
    return JsonText()
        .number("version", saved.version)
        .text("who", saved.who)
        .number("at", saved.at.value)
        .raw("policy", write_policy(saved.policy))
        .take();
}

std::string encode_policy_history(const std::vector<SavedPolicy>& history) {
    std::string list = "[";
    for (const SavedPolicy& saved : history) {
        list.append(list.size() == 1 ? "" : ",").append(encode_saved_policy(saved));
    }
    return JsonText().raw("versions", list + "]").take();
}

std::string encode_policy_saved(const PolicySaved& saved) {
    if (!saved.ok) return encode_not_accepted(saved.retry_after_seconds);
    return JsonText().boolean("ok", true).number("version", saved.version).take();
}

std::string encode_admin_user(const AdminUserView& view) {
    JsonText json;
    json.raw("methods", method_list(view.methods)).boolean("backup_codes_allowed", view.backup_codes_allowed);
    if (view.backup_code_until) {
        json.raw("backup_code", JsonText().number("expires_at", view.backup_code_until->value).take());
    }
    return json.take();
}

std::string encode_admin_code(const AdminCodeIssued& issued) {
    if (!issued.ok) return encode_not_accepted(issued.retry_after_seconds);
    return JsonText()
        .boolean("ok", true)
        .text("code", issued.code.text())
        .number("expires_at", issued.expires_at.value)
        .take();
}

std::string encode_audit(const AuditView& view) {
    std::string list = "[";
    for (const AuditRow& row : view.rows) {
        list.append(list.size() == 1 ? "" : ",").append(record_json(row, row.realm == view.realm && !is_erased(row)));
    }
    const std::string checkpoint =
        view.checkpoint.empty() ? "null" : JsonText().text("line", view.checkpoint).take();
    return JsonText().raw("records", list + "]").raw("checkpoint", checkpoint).text("key", view.key).take();
}

}  // namespace countersign::server
