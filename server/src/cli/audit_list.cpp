// SPDX-License-Identifier: Apache-2.0
#include "app/audit_query.h"
#include "cli/audit_time.h"
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
    server::AuditQuery wanted;
    wanted.realm = arguments.text("--realm");
    wanted.user = arguments.text("--user");
    wanted.event = arguments.text("--event");
    wanted.most = *limit;
    const auto since = read_moment(arguments, "--since", wanted.since, false);
    if (!since) return tl::unexpected(since.error());
    wanted.since = *since;
    const auto until = read_moment(arguments, "--until", wanted.until, true);
    if (!until) return tl::unexpected(until.error());
    wanted.until = *until;
    const std::string data = arguments.text("--data");
    const auto rows = server::find_audit_rows(data, wanted);
    if (!rows) return not_opened(rows.error(), data);

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
            .flags = {kDataFlag,
                      {"--user", "ID", "Of this user alone"},
                      {"--event", "NAME", "Of this event, or with a dot at the end of all that begin so: credential."},
                      {"--since", "TIME", "From then on: 2026-11-22, 2026-11-22T12:00:00Z or seconds since 1970"},
                      {"--until", "TIME", "Up to then, likewise"},
                      {"--limit", "N", "How many, the newest that match, 1 to 100000 (default 50)"},
                      {"--realm", "NAME", "Of this realm only (default: all)"}},
            .run = list};
}

}  // namespace countersign::cli
