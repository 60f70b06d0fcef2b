// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> drop(const Arguments& arguments) {
    const bool all = arguments.has("--dead");
    if (all == arguments.has("--mail")) {
        return fail(all ? UsageCode::FlagConflict : UsageCode::FlagMissing, "give one of --mail ID and --dead");
    }
    if (!all && arguments.text("--mail").empty()) return fail(UsageCode::ValueInvalid, "--mail is empty");
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const auto changed = (*people)->drop_mails(realm_of(arguments), arguments.text("--mail"));
    if (!changed) return fail(changed.error(), "outbox drop");
    return Printout{.text = "dropped " + std::to_string(*changed) + "\n",
                    .json = server::JsonText().text("realm", realm_of(arguments)).number("dropped", *changed).take()};
}

}  // namespace

Command outbox_drop_command() {
    return {.name = "outbox drop",
            .summary = "Delete mail unsent",
            .details = "One mail, waiting or dead, or all dead letters. Each is noted in the audit log.",
            .flags = {kDataFlag,
                      {"--mail", "ID", "This one, as `outbox list` prints it"},
                      {"--dead", "", "All dead letters of the realm"},
                      kRealmFlag},
            .run = drop};
}

}  // namespace countersign::cli
