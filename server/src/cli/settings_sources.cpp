// SPDX-License-Identifier: Apache-2.0
#include "cli/settings_sources.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include <unistd.h>

#include "cli/settings.h"
#include "cli/settings_nearest.h"
#include "cli/toml_file.h"

namespace countersign::cli {
namespace {

constexpr std::string_view kPrefix = "COUNTERSIGN_";
constexpr std::string_view kFileVariable = "COUNTERSIGN_CONFIG";

/// Variables of the repository's own scripts and tests, which start servers themselves.
constexpr std::array<std::string_view, 16> kOfScripts{
    "AUTHENTICATOR_ROUNDS", "BUILD",    "BUILD_SERVER", "CASES",       "CHROMIUM", "CODE_ROUNDS",
    "DIST",                 "FILES",    "FULL",         "FUZZ_SECONDS", "JOBS",    "KILL_ROUNDS",
    "LINT_ALL",             "RESULTS",  "SEED",         "VECTORS"};

/// A value with the place where it stands; `value` is empty for a switch that is on, nothing for one that is off.
struct Found {
    std::optional<std::string> value;
    Place place;
};

Found found_at(Origin origin, std::optional<std::string> value, std::string text = {}) {
    Found found;
    found.value = std::move(value);
    found.place.origin = origin;
    found.place.text = std::move(text);
    return found;
}

Checked<void> check_variables() {
    std::vector<std::string> known{std::string(kFileVariable)};
    for (const Setting& setting : all_settings()) known.push_back(environment_name(setting));
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
        const std::string_view entry(*at);
        if (!entry.starts_with(kPrefix)) continue;
        const std::string_view name = entry.substr(0, entry.find('='));
        if (std::ranges::find(known, name) != known.end()) continue;
        if (std::ranges::find(kOfScripts, name.substr(kPrefix.size())) != kOfScripts.end()) continue;
        return fail(UsageCode::ConfigVariableUnknown, "the environment variable " + std::string(name.substr(0, 80)) +
                                                          " is no setting; the nearest is " + nearest_name(name, known));
    }
    return {};
}

std::string text_of(std::string_view name) {
    const char* const value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::string() : std::string(value);
}

Checked<std::optional<Found>> in_environment(const Setting& setting) {
    const std::string name = environment_name(setting);
    std::string text = text_of(name);
    if (text.empty()) return std::nullopt;
    Found found = found_at(Origin::Environment, std::move(text), name);
    if (setting.kind == SettingKind::Switch) {
        if (found.value != "true" && found.value != "false") {
            return fail(UsageCode::ValueInvalid, name + " is not usable; give true or false");
        }
        found.value = found.value == "true" ? std::optional<std::string>("") : std::nullopt;
    }
    return found;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
    return all;
}

std::string_view wanted(SettingKind kind) noexcept {
    switch (kind) {
        case SettingKind::Text: return "a text in quotes";
        case SettingKind::Number: return "a whole number without quotes";
        case SettingKind::Switch: return "true or false, without quotes";
        case SettingKind::List: break;
    }
    return "a list of texts, such as [\"a\", \"b\"], without commas in them";
}

/// @return nothing when the type is another one
std::optional<Found> of_type(const Setting& setting, const TomlValue& value) {
    if (const auto* text = std::get_if<std::string>(&value); text != nullptr && setting.kind == SettingKind::Text) {
        // A path ends at NUL and a line of the log at its end: no setting has such a symbol.
        const bool plain = std::ranges::none_of(*text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
        if (plain) return found_at(Origin::File, *text);
    }
    if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr && setting.kind == SettingKind::Number) {
        return found_at(Origin::File, std::to_string(*number));
    }
    if (const auto* truth = std::get_if<bool>(&value); truth != nullptr && setting.kind == SettingKind::Switch) {
        return found_at(Origin::File, *truth ? std::optional<std::string>("") : std::nullopt);
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value);
        texts != nullptr && setting.kind == SettingKind::List) {
        const bool whole = std::ranges::none_of(*texts, [](const std::string& text) {
            return text.empty() || text.find_first_of(std::string_view(",\0\n", 3)) != std::string::npos;
        });
        if (whole) return found_at(Origin::File, joined(*texts));
    }
    return std::nullopt;
}

bool is_table(std::string_view key) {
    return std::ranges::any_of(all_settings(), [&](const Setting& setting) {
        return setting.key.size() > key.size() && setting.key.starts_with(key) && setting.key[key.size()] == '.';
    });
}

Checked<std::optional<std::pair<const Setting*, Found>>> read_entry(const std::string& path, const TomlEntry& entry) {
    const std::string place = path + ":" + std::to_string(entry.line) + ": ";
    const auto settings = all_settings();
    const auto setting = std::ranges::find(settings, entry.key, &Setting::key);
    if (setting == settings.end()) {
        if (is_table(entry.key)) {
            if (std::holds_alternative<EmptyTable>(entry.value)) return std::nullopt;
            return fail(UsageCode::ConfigValueType, place + entry.key + " is a table; write [" + entry.key + "]");
        }
        // Of an empty table the nearest table is told; keys at the top stand in none.
        const bool table = std::holds_alternative<EmptyTable>(entry.value);
        std::vector<std::string> known;
        for (const Setting& each : settings) {
            const std::size_t point = each.key.find('.');
            if (!table || point != std::string_view::npos) known.emplace_back(each.key.substr(0, table ? point : each.key.npos));
        }
        return fail(UsageCode::ConfigKeyUnknown, place + "the key " + entry.key.substr(0, 80) +
                                                     " is no setting; the nearest is " + nearest_name(entry.key, known));
    }
    auto found = of_type(*setting, entry.value);
    if (!found) {
        return fail(UsageCode::ConfigValueType,
                    place + entry.key + " is of another type; write " + std::string(wanted(setting->kind)));
    }
    found->place.text = place + entry.key;
    return std::pair(&*setting, std::move(*found));
}

using FileValues = std::vector<std::pair<const Setting*, Found>>;

Checked<FileValues> in_file(const std::string& path) {
    FileValues values;
    auto entries = read_toml_file(path);
    if (!entries) return tl::unexpected(entries.error());
    for (const TomlEntry& entry : *entries) {
        auto value = read_entry(path, entry);
        if (!value) return tl::unexpected(value.error());
        if (*value) values.push_back(std::move(**value));
    }
    return values;
}

Checked<void> fill(const Command& command, Arguments& arguments) {
    if (auto known = check_variables(); !known) return known;
    const bool named = arguments.has(kConfigFlag.name) || !text_of(kFileVariable).empty();
    const auto values = named ? in_file(arguments.text(kConfigFlag.name, text_of(kFileVariable))) : FileValues{};
    if (!values) return tl::unexpected(values.error());
    for (const Flag& flag : command.flags) {
        const Setting* setting = find_setting(flag.name);
        if (setting == nullptr || arguments.has(flag.name)) continue;
        auto found = in_environment(*setting);
        if (!found) return tl::unexpected(found.error());
        const auto written = std::ranges::find(*values, setting, &FileValues::value_type::first);
        if (!*found && written != values->end()) *found = written->second;
        if (!*found || !(*found)->value) continue;
        if ((*found)->value->empty() && setting->kind != SettingKind::Switch) continue;
        arguments.set(flag.name, *(*found)->value, (*found)->place);
    }
    return {};
}

}  // namespace

Checked<void> complete_arguments(const Command& command, Arguments& arguments) {
    if (takes_settings(command)) {
        if (auto filled = fill(command, arguments); !filled) return filled;
    }
    for (const Flag& flag : command.flags) {
        if (!flag.required || arguments.has(flag.name)) continue;
        std::string sentence(flag.name);
        sentence.append(" ").append(flag.value).append(" is missing; ");
        if (const Setting* const setting = find_setting(flag.name); setting != nullptr) {
            sentence.append("give it, or a --config FILE with ").append(setting->key).append("; ");
        }
        return fail(UsageCode::FlagMissing, sentence.append("see `countersign ").append(command.name).append(" --help`"));
    }
    return {};
}

Failure told_by_place(Failure failure, const Arguments& arguments) {
    const std::string flag = failure.message.substr(0, failure.message.find_first_of(" :"));
    const std::string place = arguments.place(flag).text;
    if (!place.empty()) failure.message.replace(0, flag.size(), place);
    return failure;
}

}  // namespace countersign::cli
