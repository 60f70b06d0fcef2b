// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> disable_method(const Arguments& arguments) {
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const std::string user = arguments.text("--user");
    const std::string id = arguments.text("--credential");
    if (const auto done = (*people)->disable_method(realm_of(arguments), user, id); !done) {
        return fail(done.error(), "methods disable");
    }
    return Printout{.text = "disabled " + column(id) + " of " + column(user) + "\n",
                    .json = server::JsonText()
                                .text("realm", realm_of(arguments))
                                .text("user", user)
                                .text("credential_id", id)
                                .boolean("disabled", true)
                                .take()};
}

}  // namespace

Command methods_disable_command() {
    return {.name = "methods disable",
            .summary = "Accept no code of one method until its owner sets it up anew",
            .details = "Works beside a running server, which refuses its codes from the next one on. Enrollment stays closed: the way back\n"
                       "is another method of his, or backup-code issue.",
            .flags = {kDataFlag, kUserFlag, {"--credential", "ID", "Its id, as `methods list` prints it", true}, kRealmFlag},
            .run = disable_method};
}

}  // namespace countersign::cli
