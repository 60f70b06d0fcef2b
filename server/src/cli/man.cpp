// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>

#include "cli/commands.h"
#include "cli/man_text.h"
#include "cli/settings.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

void add_command(ManText& page, const Command& command) {
    page.subsection(std::string("countersign ").append(command.name));
    page.paragraph(std::string(command.summary).append("."));
    for (const Flag& flag : command.flags) {
        page.item(flag.name, flag.value, std::string(flag.help).append(flag.required ? " (required)" : ""));
    }
    if (!command.details.empty()) page.lines(command.details);
}

std::string program_page() {
    ManText page("COUNTERSIGN", 1, "User Commands");
    page.section("NAME").paragraph("countersign - the second factor that a web site hosts itself");
    page.section("SYNOPSIS").paragraph("countersign COMMAND [--flag VALUE]...");
    page.section("DESCRIPTION")
        .paragraph("One program is the server, its operator's tool and a tool for one-time codes. Every command has --json, "
                   "which prints one JSON object, and --help. Secrets come by standard input or from a file, never in the "
                   "command line.");
    page.section("COMMANDS");
    for (const Command& command : all_commands()) add_command(page, command);
    page.section("EXIT STATUS")
        .item("0", "", "Done, or accepted.")
        .item("1", "", "The answer is no, or the machine did not let us: the same command may succeed later.")
        .item("2", "", "The question was malformed.");
    page.section("ENVIRONMENT")
        .item(std::string("COUNTERSIGN_CONFIG"), "", "A file of settings, as --config names one.");
    for (const Setting& setting : all_settings()) {
        page.item(environment_name(setting), "", std::string("As ").append(setting.flag).append("."));
    }
    page.section("SEE ALSO").paragraph("countersign.toml(5)");
    return page.take();
}

std::string_view type_name(SettingKind kind) noexcept {
    switch (kind) {
        case SettingKind::Text: return "text";
        case SettingKind::Number: return "number";
        case SettingKind::Switch: return "true or false";
        case SettingKind::List: break;
    }
    return "list of texts";
}

std::string settings_page() {
    ManText page("COUNTERSIGN.TOML", 5, "File Formats");
    page.section("NAME").paragraph("countersign.toml - settings of a Countersign server");
    page.section("DESCRIPTION")
        .paragraph("A TOML file that --config or COUNTERSIGN_CONFIG names; no other is read. A flag counts before the "
                   "environment, that before the file, that before the default. An empty value is the same as none. A key "
                   "that is none of these is refused. The file belongs to root or to the server's user, and nobody else may "
                   "write it. No secret stands in it: only the path of a file with one. Paths are those of the working "
                   "directory of the server, so give them whole.")
        .paragraph("SIGHUP lets a running server read it again; what needs a restart is named in its log "
                   "(server.reload_ignored), and a file that cannot be used changes nothing (server.reload_failed).");
    page.section("KEYS");
    for (const Setting& setting : all_settings()) {
        std::string text = std::string(setting.help).append(".");
        if (setting.reload == Reload::OnSignal) text += " Read again upon SIGHUP.";
        page.item(setting.key, type_name(setting.kind), text);
    }
    page.section("EXAMPLE").lines(
        "data = \"/var/lib/countersign\"\nmaster_key_file = \"/etc/countersign/master.key\"\n\n[listen]\naddress = "
        "\"127.0.0.1:4800\"");
    page.section("SEE ALSO").paragraph("countersign(1)");
    return page.take();
}

Checked<Printout> print_page(const Arguments& arguments) {
    const std::string name = arguments.text("--page", "countersign");
    if (name != "countersign" && name != "countersign.toml") {
        return fail(UsageCode::ValueInvalid, "--page is not usable; give countersign or countersign.toml");
    }
    std::string page = name == "countersign" ? program_page() : settings_page();
    std::string json = server::JsonText().text("page", name).text("roff", page).take();
    return Printout{.text = std::move(page), .json = std::move(json)};
}

}  // namespace

Command man_command() {
    return {.name = "man",
            .summary = "Print a manual page, for man to show",
            .details = "Example: countersign man | man -l -",
            .flags = {{"--page", "NAME", "countersign (default), of section 1, or countersign.toml, of section 5"}},
            .run = print_page};
}

}  // namespace countersign::cli
