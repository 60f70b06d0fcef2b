// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/policy_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> diff(const Arguments& arguments) {
    const auto document = read_policy_document(arguments);
    if (!document) return tl::unexpected(document.error());
    const auto policies = open_policies(arguments);
    if (!policies) return tl::unexpected(policies.error());
    const auto current = (*policies)->current(realm_of(arguments));
    if (!current) return fail(current.error(), "policy diff");

    const auto differences = server::compare_policies(current->policy, *document);
    Printout printout;
    std::string entries = "[";
    bool weaker = false;
    for (const server::PolicyDifference& each : differences) {
        weaker = weaker || each.weakens;
        printout.text.append(each.field).append(": ").append(each.before).append(" -> ").append(each.after);
        printout.text += each.weakens ? "  WEAKENS\n" : "\n";
        entries.append(entries.size() == 1 ? "" : ",")
            .append(server::JsonText()
                        .text("field", each.field)
                        .raw("before", each.before)
                        .raw("after", each.after)
                        .boolean("weakens", each.weakens)
                        .take());
    }
    if (differences.empty()) printout.text = "the same as version " + std::to_string(current->version) + "\n";
    printout.json = server::JsonText()
                        .number("version", current->version)
                        .boolean("same", differences.empty())
                        .boolean("weakens", weaker)
                        .raw("differences", entries.append("]"))
                        .take();
    printout.exit_code = differences.empty() ? kExitDone : kExitNo;
    return printout;
}

}  // namespace

Command policy_diff_command() {
    return {.name = "policy diff",
            .summary = "Compare a document with the policy in force, field by field",
            .details = "One line a field that differs, `FIELD: NOW -> THEN`, and WEAKENS behind it where the change would let\n"
                       "anybody in, or try more, who could not before. Changes nothing. Exit 0: the same. Exit 1: they differ.\n"
                       "Example: countersign policy diff --data data --file policy.json",
            .flags = {kDataFlag,
                      {"--stdin", "", "Read the document from standard input"},
                      {"--file", "FILE", "Read the document from FILE"},
                      kRealmFlag},
            .run = diff};
}

}  // namespace countersign::cli
