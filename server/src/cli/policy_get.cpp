// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/policy_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> get(const Arguments& arguments) {
    const auto policies = open_policies(arguments);
    if (!policies) return tl::unexpected(policies.error());
    const auto current = (*policies)->current(realm_of(arguments));
    if (!current) return fail(current.error(), "policy get");
    return Printout{.text = server::write_policy_lines(current->policy), .json = policy_json(*current).take()};
}

}  // namespace

Command policy_get_command() {
    return {.name = "policy get",
            .summary = "Print the policy in force, as a document that policy set reads",
            .details = "With --json also its version (0: nothing was saved yet), who saved it and when.\n"
                       "Example: countersign policy get --data data > policy.json",
            .flags = {kDataFlag, kRealmFlag},
            .run = get};
}

}  // namespace countersign::cli
