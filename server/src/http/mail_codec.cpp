// SPDX-License-Identifier: Apache-2.0
#include "http/mail_codec.h"

#include <array>

#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::string text_of(const Secret& value) { return std::string(value.text()); }

std::string list_of(AlternateSet alternates) {
    std::string list = "[";
    for (const Alternate alternate : {Alternate::Kba, Alternate::KbaEmail, Alternate::Email}) {
        if (!alternates.has(alternate)) continue;
        if (list.size() > 1) list += ',';
        append_json_string(list, alternate_name(alternate));
    }
    return list + "]";
}

std::string_view reason_name(AddressReason reason) noexcept {
    switch (reason) {
        case AddressReason::Expired: return "expired";
        case AddressReason::Wait: return "wait";
        case AddressReason::Wrong:
        case AddressReason::None: break;
    }
    return "wrong";
}

}  // namespace

Answer<void> decode_nothing(std::string& body) {
    return read_json_fields(body, std::span<JsonField>{});
}

Answer<std::string> decode_address(std::string& body) {
    return read_json_fields<1>(body, {"address"}).map([](auto&& fields) { return text_of(fields[0]); });
}

Answer<std::vector<std::string>> decode_alternates(std::string& body) {
    std::array<JsonField, 1> fields{{{.name = "alternates", .list = true}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    std::vector<std::string> alternates;
    for (const Secret& name : fields[0].values) alternates.push_back(text_of(name));
    return alternates;
}

Answer<ConfirmAddressRequest> decode_confirm_address(std::string& body) {
    auto fields = read_json_fields<2>(body, {"pending_id", "code"});
    if (!fields) {
        return tl::unexpected(fields.error());
    }
    return ConfirmAddressRequest{text_of((*fields)[0]), std::move((*fields)[1])};
}

std::string encode_address_ordered(const AddressOrdered& ordered) {
    JsonText json;
    json.boolean("ok", ordered.ok);
    if (!ordered.ok) json.text("code", "mail.wait").number("retry_after", ordered.retry_after_seconds);
    if (!ordered.pending_id.empty()) {
        json.text("pending_id", ordered.pending_id).text("masked", ordered.masked).number("code_digits", ordered.code_digits);
    }
    if (ordered.ok) {
        json.number("expires_at", ordered.expires_at.value).number("resend_after", ordered.retry_after_seconds);
    }
    return json.take();
}

std::string encode_address_answer(const AddressAnswer& answer) {
    JsonText json;
    json.boolean("ok", answer.ok);
    if (answer.ok) {
        return json.text("credential_id", answer.credential_id).take();
    }
    json.text("code", "not_accepted").text("reason", reason_name(answer.reason));
    return json.number("retry_after", answer.retry_after_seconds).take();
}

std::string encode_alternates(const OwnAlternates& alternates) {
    return JsonText()
        .raw("offered", list_of(alternates.offered))
        .raw("chosen", list_of(alternates.chosen))
        .boolean("user_choice", alternates.user_choice)
        .take();
}

}  // namespace countersign::server
