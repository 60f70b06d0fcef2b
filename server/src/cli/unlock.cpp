// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

/// What a pause can be of.
constexpr std::array<std::string_view, 5> kMethods{"totp", "email", "kba", "static_codes", "backup_code"};

Checked<Printout> unlock(const Arguments& arguments) {
    if (arguments.has("--method") && arguments.text("--method").empty()) {
        return fail(UsageCode::ValueInvalid, "--method is empty; leave it out to unlock all");
    }
    if (arguments.has("--method") && std::ranges::find(kMethods, arguments.text("--method")) == kMethods.end()) {
        return fail(UsageCode::ValueInvalid,
                    "--method is not usable; give totp, email, kba, static_codes or backup_code, or leave it out to unlock all");
    }
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const std::string user = arguments.text("--user");
    const auto ended = (*people)->end_pauses(realm_of(arguments), user, arguments.text("--method"));
    if (!ended) return fail(ended.error(), "unlock");
    Printout printout;
    std::string ids = "[";
    for (const std::string& id : *ended) {
        printout.text += "unlocked " + id + "\n";
        ids.append(ids.size() == 1 ? "" : ",");
        server::append_json_string(ids, id);
    }
    if (ended->empty()) printout.text = "no pause runs; what is disabled stays so, see `countersign users show`\n";
    printout.json = server::JsonText()
                        .text("realm", realm_of(arguments))
                        .text("user", user)
                        .raw("unlocked", ids.append("]"))
                        .take();
    return printout;
}

}  // namespace

Command unlock_command() {
    return {.name = "unlock",
            .summary = "End the pauses that wrong codes have begun for one user",
            .details = "Delays and nothing else: failures stay counted, and what is disabled stays so. Works beside a running server.\n"
                       "Example: countersign unlock --data data --user u-1842",
            .flags = {kDataFlag, kUserFlag, {"--method", "NAME", "Of this method alone: totp, email, ... (default: all)"}, kRealmFlag},
            .run = unlock};
}

}  // namespace countersign::cli
