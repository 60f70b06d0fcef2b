// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kDefaultUsers = 100;
constexpr std::int64_t kMostUsers = 10'000;

/// `totp:2` for each method, and `(1 paused)` behind it where not all are active.
std::string methods_of(const server::Person& person, UnixSeconds now) {
    std::map<std::string, std::map<std::string, int, std::less<>>> methods;
    for (const server::HeldMethod& held : person.methods) {
        ++methods[held.credential.method][std::string(state_of(held, now))];
    }
    std::string text;
    for (const auto& [method, states] : methods) {
        for (const auto& [state, count] : states) {
            text.append(text.empty() ? "" : ",").append(method).append(":").append(state);
            if (count > 1) text.append("*").append(std::to_string(count));
        }
    }
    return text.empty() ? "-" : text;
}

std::string json_of(const server::Person& person, UnixSeconds now) {
    std::string methods = "[";
    for (const server::HeldMethod& held : person.methods) {
        methods.append(methods.size() == 1 ? "" : ",")
            .append(server::JsonText()
                        .text("method", held.credential.method)
                        .text("credential_id", held.credential.id)
                        .text("state", state_of(held, now))
                        .take());
    }
    return server::JsonText().text("user", person.user).raw("methods", methods.append("]")).take();
}

Checked<Printout> list(const Arguments& arguments) {
    const auto limit = arguments.integer("--limit", kDefaultUsers, 1, kMostUsers);
    if (!limit) return tl::unexpected(limit.error());
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const std::string realm = realm_of(arguments);
    auto found = (*people)->list(realm, arguments.text("--after"), *limit + 1);
    if (!found) return fail(found.error(), "users list");
    const bool more = static_cast<std::int64_t>(found->size()) > *limit;
    if (more) found->pop_back();

    const UnixSeconds now = (*people)->now();
    Printout printout;
    std::string entries = "[";
    for (const server::Person& person : *found) {
        printout.text.append(column(person.user)).append("  ").append(methods_of(person, now)).append("\n");
        entries.append(entries.size() == 1 ? "" : ",").append(json_of(person, now));
    }
    server::JsonText json;
    json.text("realm", realm).raw("users", entries.append("]"));
    if (more) {
        json.text("next", found->back().user);
        printout.text += "and more: --after " + column(found->back().user) + "\n";
    }
    printout.json = json.take();
    return printout;
}

}  // namespace

Command users_list_command() {
    return {.name = "users list",
            .summary = "List the users of a realm with the states of their methods",
            .details = "One line a user, in the bytewise order of their names: everybody who has a method or an address.\n"
                       "A method is active, paused (a delay runs), disabled or pending.\n"
                       "Example: countersign users list --data data --after u-1842 --limit 20",
            .flags = {kDataFlag,
                      {"--after", "ID", "Begin after this user"},
                      {"--limit", "N", "How many, 1 to 10000 (default 100)"},
                      kRealmFlag},
            .run = list};
}

}  // namespace countersign::cli
