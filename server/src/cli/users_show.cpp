// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> show(const Arguments& arguments) {
    const auto people = open_people(arguments, KeyNeed::IfGiven);
    if (!people) return tl::unexpected(people.error());
    const auto person = (*people)->find(realm_of(arguments), arguments.text("--user"));
    if (!person) return fail(person.error(), "users show");

    const UnixSeconds now = (*people)->now();
    server::JsonText json;
    json.text("realm", person->realm).text("user", person->user);
    Printout printout;
    printout.text = "user: " + column(person->user) + "\nrealm: " + person->realm + "\n";
    if (person->contact) {
        const std::string address = masked_address(**people, *person->contact);
        printout.text += "address: " + (address.empty() ? "sealed; give --master-key-file" : column(address)) + "\n";
        json.boolean("has_address", true).text("issuer", person->contact->issuer);
        if (!address.empty()) json.text("address", address);
    }
    if (!person->alternates.empty()) {
        printout.text += "picked: " + column(person->alternates) + "\n";
        json.text("picked", person->alternates);
    }
    std::string methods = "[";
    for (const server::HeldMethod& held : person->methods) {
        const std::string address = masked_address(**people, held.credential);
        printout.text += method_line(held, now, address) + "\n";
        methods.append(methods.size() == 1 ? "" : ",").append(method_json(held, now, address).take());
    }
    printout.text.append("sessions: ").append(std::to_string(person->sessions));
    printout.text.append("\nchallenges: ").append(std::to_string(person->challenges));
    printout.text.append("\nmails waiting: ").append(std::to_string(person->mails)).append("\n");
    printout.json = json.raw("methods", methods.append("]"))
                        .number("sessions", person->sessions)
                        .number("challenges", person->challenges)
                        .number("mails_waiting", person->mails)
                        .take();
    return printout;
}

}  // namespace

Command users_show_command() {
    return {.name = "users show",
            .summary = "Show what is stored of one user, never a seed or a code",
            .details = "Methods with their states, counts and pauses; addresses masked, and only with the master key.\n"
                       "Example: countersign users show --data data --user u-1842",
            .flags = {kDataFlag, kUserFlag, kMasterKeyFlag, kPreviousKeyFlag, kGuardFlag, kRealmFlag},
            .run = show};
}

}  // namespace countersign::cli
