// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/serve_plan.h"
#include "cli/settings.h"
#include "cli/settings_sources.h"
#include "cli/terminal_text.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

/// A setting as it is in force.
struct InForce {
    const Setting* setting = nullptr;
    std::optional<std::string> value;
    std::string_view source;  ///< `flag`, `environment`, `file`, `credential` or `default`
    std::string where;        ///< the flag, the variable, `FILE:LINE`, or nothing
};

/// A URL may have been given with a password in it; it is refused so, and not shown either.
std::string masked(std::string value) {
    const std::size_t scheme = value.find("://");
    const std::size_t at = value.rfind('@');
    if (scheme == std::string::npos || at == std::string::npos || at < scheme) return value;
    return value.replace(scheme + 3, at - scheme - 3, "***");
}

InForce read_given(const Setting& setting, const Arguments& arguments) {
    InForce found;
    found.setting = &setting;
    found.value = setting.kind == SettingKind::Switch ? "true" : masked(arguments.text(setting.flag));
    const Place place = arguments.place(setting.flag);
    switch (place.origin) {
        case Origin::Flag:
            found.source = "flag";
            found.where = setting.flag;
            break;
        case Origin::Environment:
            found.source = "environment";
            found.where = place.text;
            break;
        case Origin::File:
            found.source = "file";
            found.where = place.text.substr(0, place.text.rfind(": "));
            break;
    }
    return found;
}

InForce read_one(const Setting& setting, const Arguments& arguments) {
    if (arguments.has(setting.flag)) return read_given(setting, arguments);
    InForce found{&setting, std::nullopt, "default", {}};
    const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");
    if (setting.flag == "--master-key-file" && credentials != nullptr) {
        found.value = std::string(credentials).append("/master-key");
        found.source = "credential";
        found.where = "CREDENTIALS_DIRECTORY";
    } else if (!setting.standard.empty()) {
        found.value = setting.standard;
    }
    return found;
}

/// What `serve` would say to these settings; nothing when it would start.
std::optional<Failure> find_problem(Arguments arguments) {
    if (auto complete = complete_arguments(serve_command(), arguments); !complete) return complete.error();
    const auto plan = read_plan(arguments);
    if (plan) return std::nullopt;
    return told_by_place(plan.error(), arguments);
}

std::string json_of(const InForce& found) {
    server::JsonText json;
    json.text("key", found.setting->key).text("flag", found.setting->flag);
    json.text("variable", environment_name(*found.setting));
    if (found.value) {
        json.text("value", *found.value);
    } else {
        json.raw("value", "null");
    }
    return json.text("source", found.source)
        .text("where", found.where)
        .boolean("secret", found.setting->holds == Holds::SecretPath)
        .boolean("reloadable", found.setting->reload == Reload::OnSignal)
        .take();
}

std::string line_of(const InForce& found) {
    constexpr std::size_t kKeyColumn = 38;
    std::string line(found.setting->key);
    line.resize(std::max(line.size() + 1, kKeyColumn), ' ');
    line += found.value ? one_line(*found.value) : "-";
    if (found.setting->holds == Holds::SecretPath && found.value) line += " (content not shown)";
    line.append("  [").append(found.source);
    if (!found.where.empty()) line.append(" ").append(one_line(found.where));
    return line + "]\n";
}

Checked<Printout> show(const Arguments& arguments) {
    Printout printout;
    std::string list = "[";
    for (const Setting& setting : all_settings()) {
        const InForce found = read_one(setting, arguments);
        printout.text += line_of(found);
        list.append(list.size() > 1 ? "," : "").append(json_of(found));
    }
    const auto problem = find_problem(arguments);
    std::string told = "null";
    if (problem) {
        printout.text.append("\nnot usable: ").append(one_line(problem->message)).append(" [").append(problem->code).append("]\n");
        told = server::JsonText().text("code", problem->code).text("message", one_line(problem->message)).take();
        printout.exit_code = kExitUsage;
    }
    printout.json = server::JsonText().raw("settings", list + "]").raw("problem", told).take();
    return printout;
}

}  // namespace

Command config_command() {
    std::vector<Flag> flags = setting_flags();
    for (Flag& flag : flags) flag.required = false;
    return {.name = "config",
            .summary = "Show the settings in force, and where each one comes from",
            .details = "A flag counts before the environment, that before the file, that before the default. Asked with the\n"
                       "same flags and environment as `serve`. The content of a secret is never shown. Exit 2 when serve\n"
                       "would not take these settings, with the reason as the last line.\n"
                       "Example: countersign config --config /etc/countersign/countersign.toml",
            .flags = std::move(flags),
            .run = show};
}

}  // namespace countersign::cli
