// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> list(const Arguments& arguments) {
    const auto administration = open_administration(arguments, false);
    if (!administration) return tl::unexpected(administration.error());
    const auto realms = (*administration)->list_realms();
    if (!realms) return fail(realms.error(), "realm list");

    Printout printout;
    std::string entries = "[";
    for (const std::string& realm : *realms) {
        printout.text.append(realm).append("\n");
        entries += entries.size() == 1 ? "" : ",";
        server::append_json_string(entries, realm);
    }
    printout.json = server::JsonText().raw("realms", entries.append("]")).take();
    return printout;
}

}  // namespace

Command realm_list_command() {
    return {.name = "realm list",
            .summary = "List the realms, one a line",
            .details = {},
            .flags = {kDataFlag},
            .run = list};
}

}  // namespace countersign::cli
