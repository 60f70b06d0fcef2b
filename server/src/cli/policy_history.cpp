// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/policy_text.h"
#include "cli/terminal_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> history(const Arguments& arguments) {
    const auto policies = open_policies(arguments);
    if (!policies) return tl::unexpected(policies.error());
    const auto all = (*policies)->history(realm_of(arguments));
    if (!all) return fail(all.error(), "policy history");

    Printout printout;
    std::string entries = "[";
    for (const server::SavedPolicy& saved : *all) {
        printout.text.append(std::to_string(saved.version)).append("  ").append(std::to_string(saved.at.value));
        printout.text.append("  ").append(column(saved.who)).append("\n");
        entries.append(entries.size() == 1 ? "" : ",").append(policy_json(saved).take());
    }
    printout.json = server::JsonText().raw("policies", entries.append("]")).take();
    return printout;
}

}  // namespace

Command policy_history_command() {
    return {.name = "policy history",
            .summary = "List every policy that was ever in force, the oldest first",
            .details = "One line a policy: version, time in seconds since 1970, who. With --json the documents too.",
            .flags = {kDataFlag, kRealmFlag},
            .run = history};
}

}  // namespace countersign::cli
