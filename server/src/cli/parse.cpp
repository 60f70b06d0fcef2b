// SPDX-License-Identifier: Apache-2.0
// The only file that includes CLI11: builds its tree from the table of commands and turns its exceptions
// into codes.
#include "cli/parse.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "countersign/version.h"

namespace countersign::cli {
namespace {

struct Bound {
    const Flag* flag = nullptr;
    CLI::Option* option = nullptr;
    std::unique_ptr<std::string> value = std::make_unique<std::string>();
};

struct Leaf {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    CLI::Option* json = nullptr;
    std::vector<Bound> flags;
};

struct Tree {
    CLI::App root{"The second factor that a web site hosts itself.", "countersign"};
    std::map<std::string, CLI::App*, std::less<>> groups;
    std::vector<Leaf> leaves;
};

void add_leaf(Tree& tree, const Command& command) {
    const auto space = command.name.find(' ');
    CLI::App* parent = &tree.root;
    if (space != std::string_view::npos) {
        parent = tree.groups.find(command.name.substr(0, space))->second;
    }
    const auto word = space == std::string_view::npos ? command.name : command.name.substr(space + 1);
    Leaf leaf;
    leaf.command = &command;
    leaf.app = parent->add_subcommand(std::string(word), std::string(command.summary));
    leaf.app->allow_extras();
    leaf.app->footer(std::string(command.details));
    for (const Flag& flag : command.flags) {
        Bound bound;
        bound.flag = &flag;
        if (flag.value.empty()) {
            bound.option = leaf.app->add_flag(std::string(flag.name))->disable_flag_override();
            bound.option->description(std::string(flag.help));
        } else {
            const std::string help = std::string(flag.help) + (flag.required ? " (required)" : "");
            bound.option = leaf.app->add_option(std::string(flag.name), *bound.value, help);
            bound.option->type_name(std::string(flag.value))->type_size(1)->allow_extra_args(false);
        }
        leaf.flags.push_back(std::move(bound));
    }
    leaf.json = leaf.app->add_flag("--json")->disable_flag_override();
    leaf.json->description("Print one JSON object, failures too (on standard error)");
    tree.leaves.push_back(std::move(leaf));
}

void build(Tree& tree) {
    tree.root.require_subcommand(1);
    tree.root.set_help_flag("-h,--help", "Print this help");
    tree.root.set_version_flag("--version", std::string("countersign ") + kVersion, "Print the version");
    tree.root.footer("Ask `countersign COMMAND --help` for its flags. Exit codes: 0 done or accepted; 1 not\n"
                     "accepted, or the machine did not let us; 2 the question was malformed.");
    for (const CommandGroup& group : all_command_groups()) {
        CLI::App* app = tree.root.add_subcommand(std::string(group.name), std::string(group.summary));
        app->require_subcommand(1);
        app->allow_extras();
        tree.groups.emplace(std::string(group.name), app);
    }
    for (const Command& command : all_commands()) {
        add_leaf(tree, command);
    }
    tree.root.allow_extras();
}

// What CLI11 did not know: a flag is named up to its `=`, anything else is not shown.
tl::unexpected<Failure> unknown_argument(const std::string& argument, std::string_view where) {
    const std::string place = where.empty() ? std::string("countersign --help") : std::string("countersign ") +
                                                                                    std::string(where) + " --help";
    const bool flag_like = argument.size() > 2 && argument.starts_with("--");
    if (flag_like) {
        return fail(UsageCode::FlagUnknown,
                    "there is no flag " + argument.substr(0, std::min(argument.find('='), std::size_t{40})) +
                        "; see `" + place + "`");
    }
    return fail(UsageCode::ArgumentUnexpected,
                "an argument is not expected (not shown: it may be a secret); see `" + place + "`");
}

tl::unexpected<Failure> command_problem(const CLI::App& root) {
    const CLI::App* at = &root;
    std::string where;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().front();
        where += (where.empty() ? "" : " ") + at->get_name();
    }
    const std::string help = "see `countersign " + where + (where.empty() ? "" : " ") + "--help`";
    auto unknown = at->remaining(true);
    std::erase(unknown, "--json");
    if (unknown.empty()) {
        return fail(UsageCode::CommandMissing, "a command is missing; " + help);
    }
    if (unknown.front().starts_with("-")) {
        return unknown_argument(unknown.front(), where);
    }
    return fail(UsageCode::CommandUnknown, "there is no such command; " + help);
}

Checked<std::variant<Invocation, HelpText>> read_leaf(const Leaf& leaf, const CLI::App& root) {
    const auto unknown = root.remaining(true);
    if (!unknown.empty()) {
        return unknown_argument(unknown.front(), leaf.command->name);
    }
    Invocation invocation;
    invocation.command = leaf.command;
    invocation.json = leaf.json->count() > 0;
    for (const Bound& bound : leaf.flags) {
        const std::string name(bound.flag->name);
        if (bound.option->count() > 1) {
            return fail(UsageCode::FlagRepeated, name + " is given more than once");
        }
        if (bound.option->count() == 1) {
            invocation.arguments.set(name, *bound.value);
        }
    }
    return invocation;
}

}  // namespace

Checked<std::variant<Invocation, HelpText>> parse(int argc, const char* const* argv) {
    Tree tree;
    build(tree);
    try {
        tree.root.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return HelpText{tree.root.help()};
    } catch (const CLI::CallForVersion&) {
        return HelpText{tree.root.version() + "\n"};
    } catch (const CLI::ArgumentMismatch& mismatch) {
        // Its text names our own flag and counts; the values are not in it.
        const std::string text = mismatch.what();
        for (const Leaf& leaf : tree.leaves) {
            for (const Bound& bound : leaf.flags) {
                const std::string name(bound.flag->name);
                if (leaf.app->parsed() && bound.option->count() > 1) {
                    return fail(UsageCode::FlagRepeated, name + " is given more than once");
                }
            }
        }
        const std::string flag = text.substr(0, text.find_first_of(": "));
        if (text.find("override") != std::string::npos) {
            return fail(UsageCode::ValueInvalid, (flag.starts_with("-") ? "" : "--") + flag + " takes no value");
        }
        return fail(UsageCode::ValueMissing, flag + " needs its value");
    } catch (const CLI::RequiredError&) {
        return command_problem(tree.root);
    } catch (const CLI::ParseError&) {
        return fail(UsageCode::ValueInvalid, "the command line cannot be read; see `countersign --help`");
    }
    for (const Leaf& leaf : tree.leaves) {
        if (leaf.app->parsed()) {
            return read_leaf(leaf, tree.root);
        }
    }
    return command_problem(tree.root);
}

bool asks_for_json(int argc, const char* const* argv) noexcept {
    return std::any_of(argv, argv + argc, [](const char* argument) { return std::string_view(argument) == "--json"; });
}

}  // namespace countersign::cli
