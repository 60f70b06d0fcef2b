// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> list(const Arguments& arguments) {
    const auto people = open_people(arguments, KeyNeed::IfGiven);
    if (!people) return tl::unexpected(people.error());
    const auto person = (*people)->find(realm_of(arguments), arguments.text("--user"));
    if (!person) return fail(person.error(), "methods list");
    const UnixSeconds now = (*people)->now();
    Printout printout;
    std::string entries = "[";
    for (const server::HeldMethod& held : person->methods) {
        const std::string address = masked_address(**people, held.credential);
        printout.text += method_line(held, now, address) + "\n";
        entries.append(entries.size() == 1 ? "" : ",").append(method_json(held, now, address).take());
    }
    printout.json = server::JsonText()
                        .text("realm", person->realm)
                        .text("user", person->user)
                        .raw("methods", entries.append("]"))
                        .take();
    return printout;
}

}  // namespace

Command methods_list_command() {
    return {.name = "methods list",
            .summary = "List the methods of one user with their states and counts",
            .details = "One line a method: method, id, state, name, address (masked, with the master key), counts.",
            .flags = {kDataFlag, kUserFlag, kMasterKeyFlag, kPreviousKeyFlag, kGuardFlag, kRealmFlag},
            .run = list};
}

}  // namespace countersign::cli
