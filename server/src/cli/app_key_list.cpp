// SPDX-License-Identifier: Apache-2.0
#include "cli/app_key_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> list(const Arguments& arguments) {
    const auto administration = open_administration(arguments, false);
    if (!administration) return tl::unexpected(administration.error());
    const auto keys = (*administration)->list_app_keys(arguments.text("--realm"));
    if (!keys) return fail(keys.error(), "app-key list");

    Printout printout;
    std::string entries = "[";
    for (const server::AppKeyInfo& info : *keys) {
        printout.text.append(info.id).append("  ").append(info.realm).append("  ");
        printout.text.append(info.revoked_at ? "revoked" : "valid").append("  ").append(info.scopes.empty() ? "-" : info.scopes);
        printout.text.append("  ").append(info.name);
        for (const std::string& origin : info.allowed_origins) printout.text.append("  ").append(origin);
        printout.text.append("\n");
        entries.append(entries.size() == 1 ? "" : ",").append(app_key_json(info).take());
    }
    printout.json = server::JsonText().raw("app_keys", entries.append("]")).take();
    return printout;
}

}  // namespace

Command app_key_list_command() {
    return {.name = "app-key list",
            .summary = "List application keys, without their tokens",
            .details = "One line a key: id, realm, valid or revoked, scope (- for none), name, allowed origins.",
            .flags = {kDataFlag, {"--realm", "NAME", "Of this realm only (default: all)"}},
            .run = list};
}

}  // namespace countersign::cli
