// SPDX-License-Identifier: Apache-2.0
#include "app/safekeeping.h"
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::string sentence_about_codes(const server::RestoreOptions& options, std::int64_t kept) {
    if (!options.keep_codes) return "Security codes are void: users make new ones.\n";
    return std::to_string(kept) + " security codes are kept; those used since the backup count once more.\n";
}

Printout tell(const server::RestoreOptions& options, const server::RestoreReport& report) {
    const auto& outcome = report.outcome;
    Printout printout;
    printout.text = options.file.empty() ? "accepted the store in " : "restored ";
    printout.text.append(options.data_directory).append(": epoch ").append(std::to_string(outcome.mark.epoch));
    printout.text.append(", nothing from before ").append(std::to_string(outcome.floor.value)).append(" is accepted\n");
    if (!server::make_system_clock()->kernel_synchronized()) {
        printout.text += "Nobody keeps this machine's clock right: were it ahead, nothing would be accepted until that time comes.\n";
    }
    printout.text += sentence_about_codes(options, outcome.codes_kept);
    printout.text += "What was removed or revoked since is there again: look at app-key list and the audit log.\n";
    if (!outcome.kept_aside.empty()) printout.text.append("The store before is kept: ").append(outcome.kept_aside).append("\n");
    if (!report.guard_missing.empty()) printout.text.append("No guard file was written: ").append(report.guard_missing).append("\n");
    printout.json = server::JsonText()
                        .text("data", options.data_directory)
                        .text("from", options.file)
                        .number("schema", outcome.mark.schema)
                        .number("epoch", outcome.mark.epoch)
                        .number("commits", outcome.mark.commits)
                        .number("floor", outcome.floor.value)
                        .number("codes_kept", outcome.codes_kept)
                        .number("mails_dropped", outcome.mails_dropped)
                        .text("kept_aside", outcome.kept_aside)
                        .text("guard_missing", report.guard_missing)
                        .take();
    return printout;
}

Checked<Printout> restore(const Arguments& arguments) {
    server::RestoreOptions options;
    options.file = arguments.text("--from");
    options.data_directory = arguments.text("--data");
    options.guard_directory = arguments.text("--guard-directory");
    options.accept = arguments.has("--accept");
    options.keep_codes = arguments.has("--keep-codes");
    if (arguments.has("--from") && options.file.empty()) {
        return fail(UsageCode::ValueInvalid, "--from is empty; name the backup, or leave the flag out to accept the store in --data");
    }
    if (options.file.empty() && !options.accept) {
        return fail(UsageCode::FlagMissing, "give --from FILE, or --accept for the store that stands in --data");
    }
    auto key = master_key_path(arguments);
    if (!key) return tl::unexpected(key.error());
    options.master_key_file = std::move(*key);
    const auto report = server::restore(options, *server::make_system_clock());
    if (!report) return not_opened(report.error(), options.data_directory);
    return tell(options, *report);
}

}  // namespace

Command restore_command() {
    return {.name = "restore",
            .summary = "Put a backup in the place of the store, with the server stopped",
            .details = "Nothing from before is accepted any more: no code, mail, session or receipt. Security codes are\n"
                       "void, too. --accept keeps a store that stands there aside; without --from it takes that very\n"
                       "store, which a server refuses because it was put back by hand.\n"
                       "Example: countersign restore --from countersign.backup --data data --master-key-file master.key",
            .flags = {{"--from", "FILE", "What `backup` wrote (default, with --accept: the store in --data)"},
                      kDataFlag,
                      kMasterKeyFlag,
                      kGuardFlag,
                      {"--accept", "", "Go over a store that stands there, or accept one that is behind its guard file"},
                      {"--keep-codes", "", "Leave security codes valid: those used since the backup count again"}},
            .run = restore};
}

}  // namespace countersign::cli
