// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/app_key_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"

namespace countersign::cli {
namespace {

/// The parts between commas; an empty one is no origin, and so refused.
std::vector<std::string> origins_of(const Arguments& arguments) {
    std::vector<std::string> origins;
    if (!arguments.has("--allowed-origin")) return origins;
    const std::string given = arguments.text("--allowed-origin");
    for (std::size_t begin = 0; begin <= given.size();) {
        const std::size_t end = std::min(given.find(',', begin), given.size());
        origins.push_back(given.substr(begin, end - begin));
        begin = end + 1;
    }
    return origins;
}

Checked<Printout> create(const Arguments& arguments) {
    const auto administration = open_administration(arguments, true);
    if (!administration) return tl::unexpected(administration.error());
    const auto created = (*administration)->create_app_key(realm_of(arguments), arguments.text("--name"),
                                                          arguments.text("--scope"), origins_of(arguments));
    if (!created) return fail(created.error(), "app-key create");

    const server::AppKeyInfo& info = created->info;
    Printout printout;
    printout.text = "id: " + info.id + "\nrealm: " + info.realm + "\nname: " + info.name;
    if (!info.scopes.empty()) printout.text += "\nscope: " + info.scopes;
    for (const std::string& origin : info.allowed_origins) printout.text.append("\nallowed origin: ").append(origin);
    printout.text += "\ntoken: ";
    printout.text += created->token.text();
    printout.text += "\nThe token is shown this once: only a keyed hash of it is stored.\n";
    printout.json = app_key_json(info).text("token", created->token.text()).take();
    return printout;
}

}  // namespace

Command app_key_create_command() {
    return {.name = "app-key create",
            .summary = "Make a key with which a back end calls the server",
            .details = "Works beside a running server, or before the first one: then the store is made.\n"
                       "Example: countersign app-key create --data data --master-key-file master.key --name bank",
            .flags = {kDataFlag,
                      kMasterKeyFlag,
                      kGuardFlag,
                      {"--name", "TEXT", "What the key is for: 1 to 64 bytes", true},
                      {"--scope", "NAME", "admin: it may open administrators' sessions, too (default: none)"},
                      {"--allowed-origin", "ORIGINS",
                       "Pages of these origins, with commas between, may call with tokens of its sessions (default: none)"},
                      kRealmFlag},
            .run = create};
}

}  // namespace countersign::cli
