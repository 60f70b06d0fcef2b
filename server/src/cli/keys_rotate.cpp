// SPDX-License-Identifier: Apache-2.0
#include "app/key_rotation.h"
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/terminal_text.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Printout tell(const server::RotationReport& report) {
    Printout printout;
    if (report.previous.empty()) {
        printout.text = "nothing to do: everything is sealed under key " + report.key_id + "\n";
    } else {
        printout.text = "sealed anew under key " + report.key_id + ": " + std::to_string(report.sealed_anew) + "\n";
    }
    for (const std::string& row : report.first_unopened) printout.text.append("does not open: ").append(column(row)).append("\n");
    if (report.unopened > 0) {
        printout.text.append(std::to_string(report.unopened));
        printout.text += " rows do not open under the previous key; delete or reconfigure them, and rotate again\n";
        printout.exit_code = kExitNo;
    } else if (!report.previous.empty()) {
        printout.text.append("key ").append(report.previous);
        printout.text += " is not needed any more, but for backups from before: start the server without it\n";
    }
    printout.json = server::JsonText()
                        .text("key_id", report.key_id)
                        .text("previous", report.previous)
                        .number("sealed_anew", report.sealed_anew)
                        .number("unopened", report.unopened)
                        .boolean("ended", report.ended)
                        .take();
    return printout;
}

Checked<Printout> rotate(const Arguments& arguments) {
    auto key = master_key_path(arguments);
    if (!key) return tl::unexpected(key.error());
    const server::KeyFiles files{arguments.text("--data"), std::move(*key), arguments.text("--previous-master-key-file"),
                                 arguments.text("--guard-directory")};
    const auto report = server::rotate_keys(files, *server::make_system_clock());
    if (!report) return not_opened(report.error(), files.data_directory);
    return tell(*report);
}

}  // namespace

Command keys_rotate_command() {
    return {.name = "keys rotate",
            .summary = "Seal under a new master key what is sealed under the one before",
            .details = "Works beside a server that was started with both keys, or without one; may be ended at any\n"
                       "moment and run again. When it has ended, start the server with the new key alone.\n"
                       "Example: countersign keys rotate --data data --master-key-file new.key\n"
                       "         --previous-master-key-file master.key",
            .flags = {kDataFlag, kMasterKeyFlag, kPreviousKeyFlag, kGuardFlag},
            .run = rotate};
}

}  // namespace countersign::cli
