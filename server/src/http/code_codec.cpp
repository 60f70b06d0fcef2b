// SPDX-License-Identifier: Apache-2.0
#include "http/code_codec.h"

#include <array>

#include "app/base64url.h"
#include "app/refusal.h"
#include "app/security_code_store.h"
#include "countersign/code_stretch.h"
#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {

Answer<Secret> read_stretched(const Secret& text) {
    auto bytes = decode_base64url_secret(text.text(), kStretchedBytes);
    if (!bytes) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "stretched: base64url of 32 bytes, without padding");
    }
    return std::move(*bytes);
}

Answer<GivenCode> read_code(JsonField&& typed, JsonField&& stretched) {
    if (typed.value && stretched.value) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "stretched: not together with code");
    }
    if (typed.value) return GivenCode{std::move(*typed.value), std::nullopt};
    if (!stretched.value) return refuse(ServerErrorCode::RequestFieldMissing, "code: is missing");
    auto bytes = read_stretched(*stretched.value);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    return GivenCode{Secret(), std::move(*bytes)};
}

Answer<std::vector<Secret>> decode_code_set(std::string& body) {
    std::array<JsonField, 1> fields{{{.name = "stretched", .list = true}}};
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    if (fields[0].values.size() != kCodesInSet) {
        return refuse(ServerErrorCode::RequestFieldInvalid,
                      "stretched: has to be " + std::to_string(kCodesInSet) + " of them");
    }
    std::vector<Secret> set;
    for (const Secret& text : fields[0].values) {
        auto bytes = read_stretched(text);
        if (!bytes) return tl::unexpected(std::move(bytes.error()));
        set.push_back(std::move(*bytes));
    }
    return set;
}

std::string encode_salt(const Secret& salt) {
    return JsonText().text("salt", encode_base64url(salt.bytes())).take();
}

std::string encode_code_set(const CodeSet& set) {
    return JsonText()
        .boolean("ok", true)
        .text("credential_id", set.credential_id)
        .number("remaining", set.remaining)
        .take();
}

}  // namespace countersign::server
