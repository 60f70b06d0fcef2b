// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "app/key_rotation.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::int64_t rows_of(const std::vector<server::KeyCount>& counts, const std::string& key_id) {
    const auto found = std::ranges::find(counts, key_id, &server::KeyCount::key_id);
    return found == counts.end() ? 0 : found->rows;
}

std::string_view status_of(const server::KeyStatus& status, const std::string& key_id) {
    if (key_id == status.current) return "current";
    if (key_id == status.previous) return "previous";
    return std::ranges::find(status.retired, key_id) != status.retired.end() ? "retired" : "unknown";
}

std::set<std::string> keys_of(const server::KeyStatus& status) {
    std::set<std::string> keys(status.retired.begin(), status.retired.end());
    for (const std::string& key : {status.current, status.previous}) {
        if (!key.empty()) keys.insert(key);
    }
    for (const auto* counts : {&status.credentials, &status.contacts, &status.mails}) {
        for (const server::KeyCount& count : *counts) keys.insert(count.key_id);
    }
    return keys;
}

Checked<Printout> show(const Arguments& arguments) {
    const std::string data = arguments.text("--data");
    const auto status = server::key_status(data);
    if (!status) return not_opened(status.error(), data);
    Printout printout;
    std::string keys;
    for (const std::string& key : keys_of(*status)) {
        const auto state = status_of(*status, key);
        const std::int64_t credentials = rows_of(status->credentials, key);
        const std::int64_t contacts = rows_of(status->contacts, key);
        const std::int64_t mails = rows_of(status->mails, key);
        printout.text.append("key ").append(key).append(" (").append(state).append("): credentials ");
        printout.text.append(std::to_string(credentials)).append(", contacts ").append(std::to_string(contacts));
        printout.text.append(", mails ").append(std::to_string(mails)).append("\n");
        keys.append(keys.empty() ? "" : ",");
        keys += server::JsonText()
                    .text("key_id", key)
                    .text("status", state)
                    .number("credentials", credentials)
                    .number("contacts", contacts)
                    .number("mails", mails)
                    .take();
    }
    printout.json = server::JsonText()
                        .raw("keys", "[" + keys + "]")
                        .boolean("rotation_under_way", !status->previous.empty())
                        .take();
    return printout;
}

}  // namespace

Command keys_status_command() {
    return {.name = "keys status",
            .summary = "Count what is sealed under which master key",
            .details = "`previous` stands there until `keys rotate` has ended.\n"
                       "Example: countersign keys status --data data",
            .flags = {kDataFlag},
            .run = show};
}

}  // namespace countersign::cli
