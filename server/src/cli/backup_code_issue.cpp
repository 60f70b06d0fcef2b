// SPDX-License-Identifier: Apache-2.0
#include "app/backup_codes.h"
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/guard_flag.h"
#include "http/policy_codec.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> issue(const Arguments& arguments) {
    server::BackupCodeRequest request{realm_of(arguments), arguments.text("--user"), arguments.text("--who"),
                                      arguments.text("--reason"), {}};
    if (arguments.has("--hours")) {
        const auto hours = arguments.integer("--hours", 0, 1, server::kMaxBackupHours);
        if (!hours) return tl::unexpected(hours.error());
        request.hours = static_cast<int>(*hours);
    }
    const auto key = master_key_path(arguments);
    if (!key) return tl::unexpected(key.error());
    if (auto apart = check_guard(arguments, *key); !apart) return tl::unexpected(apart.error());
    const std::string data = arguments.text("--data");
    const auto desk = server::BackupCodes::open(data, *key, server::json_policy_form(), server::make_system_clock());
    if (!desk) return fail(desk.error(), "--data " + data);
    const auto issued = (*desk)->issue(request);
    if (!issued) {
        auto refusal = fail(issued.error(), "backup-code issue");
        if (issued.error().code == server::ServerErrorCode::PolicyNotAllowed) {
            refusal.value().message += " Its fields are security_codes.enabled, and security_codes.kind: backup or both.";
        }
        return refusal;
    }

    Printout printout;
    printout.text = "code: ";
    printout.text += issued->code.text();
    printout.text += "\nexpires_at: " + std::to_string(issued->expires_at.value) +
                     "\nThe code is shown this once: only a keyed hash of it is stored.\n";
    printout.json = server::JsonText()
                        .text("realm", request.realm)
                        .text("user", request.user)
                        .text("code", issued->code.text())
                        .number("expires_at", issued->expires_at.value)
                        .take();
    return printout;
}

}  // namespace

Command backup_code_issue_command() {
    return {.name = "backup-code issue",
            .summary = "Make a one-time code for a user who is locked out",
            .details = "Works beside a running server, while the policy allows backup codes. One more ends the one before.\n"
                       "Example: countersign backup-code issue --data data --master-key-file master.key --user u-1842 --who ann \\\n"
                       "    --reason 'lost phone, seen in person'",
            .flags = {kDataFlag,
                      kMasterKeyFlag,
                      kGuardFlag,
                      {"--user", "ID", "Whom it is for", true},
                      {"--reason", "TEXT", "Why, 1 to 256 bytes, for the audit log", true},
                      {"--who", "NAME", "Who issues it, 1 to 64 bytes, for the audit log", true},
                      {"--hours", "N", "How long it is good, 1 to 168 (default: as the policy has it)"},
                      kRealmFlag},
            .run = issue};
}

}  // namespace countersign::cli
