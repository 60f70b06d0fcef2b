// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_flags.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/terminal_text.h"
#include "log/audit_line.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kDefaultRows = 50;
constexpr std::int64_t kMostRows = 100'000;

std::string line_of(const server::AuditRow& row) {
    std::string line = row.number ? std::to_string(*row.number) : "-";
    line.append("  ").append(std::to_string(row.at.value));
    for (const std::string* text : {&row.event, &row.realm, &row.user, &row.method, &row.credential, &row.detail}) {
        line.append("  ").append(column(*text));
    }
    return line + "\n";
}

Checked<Printout> list(const Arguments& arguments) {
    const auto limit = arguments.integer("--limit", kDefaultRows, 1, kMostRows);
    if (!limit) return tl::unexpected(limit.error());
    const auto log = open_audit_log(arguments, false);
    if (!log) return tl::unexpected(log.error());
    const auto rows = (*log)->newest(*limit);
    if (!rows) return fail(rows.error(), "audit list");

    Printout printout;
    std::string entries = "[";
    for (const server::AuditRow& row : *rows) {
        printout.text += line_of(row);
        entries.append(entries.size() == 1 ? "" : ",").append(server::audit_record_json(row));
    }
    printout.json = server::JsonText().raw("records", entries.append("]")).take();
    return printout;
}

}  // namespace

Command audit_list_command() {
    return {.name = "audit list",
            .summary = "List the newest records of the audit log",
            .details = "One line a record, the newest last: number, time, event, realm, user, method, credential, detail; - for\n"
                       "what is empty, and for the number of a record that is not sealed yet.",
            .flags = {kDataFlag, {"--limit", "N", "How many, 1 to 100000 (default 50)"}},
            .run = list};
}

}  // namespace countersign::cli
