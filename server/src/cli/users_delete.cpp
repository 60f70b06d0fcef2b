// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/guard_flag.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> erase(const Arguments& arguments) {
    const std::string user = arguments.text("--user");
    if (!arguments.has("--yes")) {
        return fail(UsageCode::FlagMissing, "--yes is missing; all that is stored of the user goes, for good");
    }
    const auto people = open_people(arguments, KeyNeed::Always);
    if (!people) return tl::unexpected(people.error());
    const auto erased = (*people)->erase(realm_of(arguments), user);
    if (!erased) return fail(erased.error(), "users delete");

    server::JsonText rows;
    std::string text;
    for (const auto& [table, count] : erased->rows) {
        rows.number(table, count);
        text.append("; ").append(table).append(" ").append(std::to_string(count));
    }
    Printout printout;
    printout.text = "deleted " + column(user) + text + "; audit records erased " +
                    std::to_string(erased->audit_records) + "\n";
    if (!erased->log_cut) {
        printout.text += "The name still stands in the write-ahead log, which somebody reads (a backup?): it goes with the server's "
                         "next restart, or with some 25 MiB of changes.\n";
    }
    printout.json = server::JsonText()
                        .text("realm", realm_of(arguments))
                        .text("user", user)
                        .raw("rows", rows.take())
                        .number("audit_records_erased", erased->audit_records)
                        .boolean("log_cut", erased->log_cut)
                        .take();
    return printout;
}

}  // namespace

Command users_delete_command() {
    return {.name = "users delete",
            .summary = "Delete everything that is stored of one user, for good",
            .details = "Works beside a running server, in one transaction: methods, codes, addresses, sessions, logins under way,\n"
                       "mail. Records of the audit log keep time, event and hash; who it was is erased. The master key proves\n"
                       "in the log that it was the operator, so `audit verify` passes.\n"
                       "Backups and logs that were shipped keep what they have, policies their author, others' records his name.\n"
                       "Example: countersign users delete --data data --master-key-file master.key --user u-1842 --yes",
            .flags = {kDataFlag, kUserFlag, kMasterKeyFlag, kGuardFlag, {"--yes", "", "Meant so; without it nothing is done"}, kRealmFlag},
            .run = erase};
}

}  // namespace countersign::cli
