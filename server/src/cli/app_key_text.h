// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/administration.h"
#include "log/json_text.h"

namespace countersign::cli {

/// A JSON array; no origin has a character that needs escaping.
[[nodiscard]] inline std::string origin_list(const server::AppKeyInfo& info) {
    std::string list = "[";
    for (const std::string& origin : info.allowed_origins)
        list.append(list.size() == 1 ? "\"" : ",\"").append(origin).append("\"");
    return list.append("]");
}

/// The keys of one application key's JSON object; never its token.
[[nodiscard]] inline server::JsonText app_key_json(const server::AppKeyInfo& info) {
    server::JsonText json;
    json.text("id", info.id).text("realm", info.realm).text("name", info.name);
    if (!info.scopes.empty()) json.text("scope", info.scopes);
    if (!info.allowed_origins.empty()) json.raw("allowed_origins", origin_list(info));
    json.number("created_at", info.created_at.value);
    if (info.revoked_at) json.number("revoked_at", info.revoked_at->value);
    return json;
}

}  // namespace countersign::cli
