// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> retry(const Arguments& arguments) {
    const bool all = arguments.has("--all");
    if (all == arguments.has("--mail")) {
        return fail(all ? UsageCode::FlagConflict : UsageCode::FlagMissing, "give one of --mail ID and --all");
    }
    if (!all && arguments.text("--mail").empty()) return fail(UsageCode::ValueInvalid, "--mail is empty");
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const auto changed = (*people)->retry_mails(realm_of(arguments), arguments.text("--mail"));
    if (!changed) return fail(changed.error(), "outbox retry");
    return Printout{.text = "due " + std::to_string(*changed) + "\n",
                    .json = server::JsonText().text("realm", realm_of(arguments)).number("due", *changed).take()};
}

}  // namespace

Command outbox_retry_command() {
    return {.name = "outbox retry",
            .summary = "Try mail again at once that waits for its next try",
            .details = "For when the mail server is well again: a running server sends within a second. Of a dead letter only the envelope\n"
                       "is left, so it cannot be sent: drop it, and have its owner ask anew.",
            .flags = {kDataFlag,
                      {"--mail", "ID", "This one, as `outbox list` prints it"},
                      {"--all", "", "All that wait in the realm"},
                      kRealmFlag},
            .run = retry};
}

}  // namespace countersign::cli
