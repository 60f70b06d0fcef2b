// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> remove_method(const Arguments& arguments) {
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const std::string user = arguments.text("--user");
    const std::string id = arguments.text("--credential");
    if (const auto done = (*people)->remove_method(realm_of(arguments), user, id); !done) {
        auto refusal = fail(done.error(), "methods remove");
        if (done.error().code == server::ServerErrorCode::MethodLast) {
            refusal.value().message += " Its owner, locked out, comes back with a code of `countersign backup-code issue`.";
        }
        return refusal;
    }
    return Printout{.text = "removed " + column(id) + " of " + column(user) + "\n",
                    .json = server::JsonText()
                                .text("realm", realm_of(arguments))
                                .text("user", user)
                                .text("credential_id", id)
                                .boolean("removed", true)
                                .take()};
}

}  // namespace

Command methods_remove_command() {
    return {.name = "methods remove",
            .summary = "Take one method from a user, as if he had removed it",
            .details = "Works beside a running server; the owner is told by mail. The last second factor stays (method.last) unless the\n"
                       "policy allows none: else whoever knows the password could enroll. For a lost phone see backup-code issue.",
            .flags = {kDataFlag, kUserFlag, {"--credential", "ID", "Its id, as `methods list` prints it", true}, kRealmFlag},
            .run = remove_method};
}

}  // namespace countersign::cli
