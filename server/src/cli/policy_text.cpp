// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_text.h"

#include <utility>

#include "app/system_clock.h"

namespace countersign::cli {

Checked<std::unique_ptr<server::Policies>> open_policies(const Arguments& arguments) {
    const std::string data = arguments.text("--data");
    auto opened = server::Policies::open(data, server::json_policy_form(), server::make_system_clock());
    if (!opened) return fail(opened.error(), "--data " + data);
    return std::move(*opened);
}

server::JsonText policy_json(const server::SavedPolicy& saved) {
    server::JsonText json;
    json.number("version", saved.version);
    if (saved.version > 0) json.text("who", saved.who).number("at", saved.at.value);
    json.raw("policy", server::write_policy(saved.policy));
    return json;
}

}  // namespace countersign::cli
