// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/error.h"
#include "app/service.h"
#include "http/json_fields.h"

namespace countersign::server {

// The wire's words of security codes.

/// A code as typed or as stretched: exactly one of the two.
struct GivenCode {
    Secret typed;
    std::optional<Secret> stretched;
};
/// Of two optional fields. Errors: `request.field_invalid`, `request.field_missing`.
[[nodiscard]] Answer<GivenCode> read_code(JsonField&& typed, JsonField&& stretched);

/// 32 bytes in base64url without padding. Errors: `request.field_invalid`.
[[nodiscard]] Answer<Secret> read_stretched(const Secret& text);
/// `{"stretched": [10 of them]}`; wipes its body. Errors: those of `read_json_fields`.
[[nodiscard]] Answer<std::vector<Secret>> decode_code_set(std::string& body);

[[nodiscard]] std::string encode_salt(const Secret& salt);
[[nodiscard]] std::string encode_code_set(const CodeSet& set);

}  // namespace countersign::server
