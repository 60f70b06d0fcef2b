// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/administration.h"
#include "log/json_text.h"

namespace countersign::cli {

/// The keys of one application key's JSON object; never its token.
[[nodiscard]] inline server::JsonText app_key_json(const server::AppKeyInfo& info) {
    server::JsonText json;
    json.text("id", info.id).text("realm", info.realm).text("name", info.name);
    if (!info.scopes.empty()) json.text("scope", info.scopes);
    json.number("created_at", info.created_at.value);
    if (info.revoked_at) json.number("revoked_at", info.revoked_at->value);
    return json;
}

}  // namespace countersign::cli
