// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_words.h"

#include "cli/command.h"

namespace countersign::cli {
namespace {

Follows what_follows(const Flag& flag) noexcept {
    if (flag.value.empty()) return Follows::Nothing;
    if (flag.value == "FILE") return Follows::File;
    if (flag.value == "DIR") return Follows::Directory;
    return Follows::AnyText;
}

CompletionPlace place_of(const Command& command) {
    CompletionPlace place{std::string(command.name), {}, {}};
    for (const Flag& flag : command.flags) place.flags.push_back({flag.name, flag.help, what_follows(flag)});
    place.flags.push_back({"--json", "Print one JSON object"});
    place.flags.push_back({"--help", "Print the flags"});
    return place;
}

CompletionPlace first_place() {
    CompletionPlace place{"", {}, {{"--help", "Print the commands"}, {"--version", "Print the version"}}};
    for (const CommandGroup& group : all_command_groups()) place.words.push_back({std::string(group.name), group.summary});
    for (const Command& command : all_commands()) {
        if (command.name.find(' ') == std::string_view::npos) {
            place.words.push_back({std::string(command.name), command.summary});
        }
    }
    return place;
}

CompletionPlace place_of(const CommandGroup& group) {
    CompletionPlace place{std::string(group.name), {}, {{"--help", "Print the commands"}}};
    for (const Command& command : all_commands()) {
        const std::size_t space = command.name.find(' ');
        if (space == std::string_view::npos || command.name.substr(0, space) != group.name) continue;
        place.words.push_back({std::string(command.name.substr(space + 1)), command.summary});
    }
    return place;
}

}  // namespace

std::vector<CompletionPlace> completion_places() {
    std::vector<CompletionPlace> places{first_place()};
    for (const CommandGroup& group : all_command_groups()) places.push_back(place_of(group));
    for (const Command& command : all_commands()) places.push_back(place_of(command));
    return places;
}

}  // namespace countersign::cli
